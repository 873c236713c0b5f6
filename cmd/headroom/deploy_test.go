package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// counter is the scenario that the scripts of deploy/ are tried with.
const counter = `name: A counter
run: {requests: 500, replications: 2}
traffic:
  people: {enters: counter, rate: 50/s}
nodes:
  counter: {kind: station, service: exp(2us)}
`

// inFolder runs the program, or a shell, where the scenario is, and returns what it prints.
func inFolder(t *testing.T, dir string, env []string, words ...string) []byte {
	t.Helper()
	c := exec.Command(words[0], words[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var wrong bytes.Buffer
	c.Stderr = &wrong
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, wrong.Bytes())
	}
	return out
}

// aloneInFolder writes the scenario to shop.yaml, and returns what one machine prints of a command.
func aloneInFolder(t *testing.T, words ...string) (dir string, alone []byte) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(counter), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, inFolder(t, dir, nil, append([]string{"headroom"}, words...)...)
}

// mergedIs checks that there are so many parts in a folder, and that they make the whole.
func mergedIs(t *testing.T, dir, parts string, n int, alone []byte) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, parts, "*.json"))
	if len(files) != n || n < 2 {
		t.Fatalf("parts %v, want %d", files, n)
	}
	if merged := inFolder(t, dir, nil, append([]string{"headroom", "merge"}, files...)...); !bytes.Equal(merged, alone) {
		t.Errorf("merged:\n%s\none machine:\n%s", merged, alone)
	}
}

// TestKubernetesJobMakesTheParts runs the very command of the Indexed Job, as each of its pods does, in processes of their own.
func TestKubernetesJobMakesTheParts(t *testing.T) {
	text, err := os.ReadFile("../../deploy/kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var job struct {
		Spec struct {
			CompletionMode string `yaml:"completionMode"`
			Completions    int
			Template       struct {
				Spec struct {
					Containers []struct {
						Command, Args []string
						Env           []struct{ Name, Value string }
						VolumeMounts  []struct{ MountPath string } `yaml:"volumeMounts"`
					}
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &job); err != nil {
		t.Fatal(err)
	}
	if job.Spec.CompletionMode != "Indexed" {
		t.Fatal("only pods of an Indexed Job know their number")
	}
	dir, alone := aloneInFolder(t, "sweep", "shop.yaml")
	if err := os.Mkdir(filepath.Join(dir, "parts"), 0o755); err != nil {
		t.Fatal(err)
	}
	pod := job.Spec.Template.Spec.Containers[0]
	mounts := strings.NewReplacer("/scenario/", "", "/parts", "parts") // what is mounted there is in the folder here
	for index := range job.Spec.Completions {
		env := []string{"JOB_COMPLETION_INDEX=" + strconv.Itoa(index)}
		for _, e := range pod.Env {
			env = append(env, e.Name+"="+mounts.Replace(e.Value))
		}
		inFolder(t, dir, env, append(pod.Command, pod.Args...)...)
	}
	mergedIs(t, dir, "parts", job.Spec.Completions, alone)
}

// TestSlurmArrayMakesTheParts runs the batch script as each task of its array does.
func TestSlurmArrayMakesTheParts(t *testing.T) {
	script, err := filepath.Abs("../../deploy/slurm.sbatch")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	array := regexp.MustCompile(`(?m)^#SBATCH --array=1-(\d+)$`).FindSubmatch(text)
	if array == nil {
		t.Fatal("the array does not begin with 1")
	}
	tasks, _ := strconv.Atoi(string(array[1]))
	words := []string{"compare", "shop.yaml", "--variant", "second counter:nodes.counter.servers=2"}
	dir, alone := aloneInFolder(t, words...)
	for task := 1; task <= tasks; task++ {
		env := []string{fmt.Sprintf("SLURM_ARRAY_TASK_ID=%d", task), fmt.Sprintf("SLURM_ARRAY_TASK_COUNT=%d", tasks)}
		inFolder(t, dir, env, append([]string{"bash", script}, words...)...)
	}
	mergedIs(t, dir, "parts", tasks, alone)
}
