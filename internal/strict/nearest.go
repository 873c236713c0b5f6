package strict

import "strings"

// Nearest returns the valid word that word was probably meant to be, "" if none is near: at most about a third of
// the letters differ (changed, missing, too many, or two exchanged), or one is the beginning of
// the other. Case does not matter, and of equally near words the first wins.
func Nearest(word string, valid []string) string {
	const longest = 64
	written := []rune(strings.ToLower(word))
	if len(written) == 0 || len(written) > longest {
		return ""
	}
	best, bestScore := "", 1<<30
	for _, candidate := range valid {
		wanted := []rune(strings.ToLower(candidate))
		if len(wanted) == 0 || len(wanted) > longest {
			continue
		}
		if score, near := remoteness(written, wanted); near && score < bestScore {
			best, bestScore = candidate, score
		}
	}
	return best
}

// remoteness scores how far two words are from each other and tells whether that is near. A shared
// beginning counts only where the distance does not, and after it.
func remoteness(written, wanted []rune) (int, bool) {
	const prefixScore = 1000
	longer, shorter := max(len(written), len(wanted)), min(len(written), len(wanted))
	limit := longer / 3
	if longer <= 3 {
		limit = max(longer-2, 0) // of two letters, none may differ
	}
	distance := edits(written, wanted)
	switch {
	case distance <= limit:
		return 2*distance + boolean(written[0] != wanted[0]), true
	case longer == 2 && shorter == 2 && written[0] == wanted[1] && written[1] == wanted[0]:
		return 2, true
	case shorter >= 3 && string(written[:shorter]) == string(wanted[:shorter]):
		return prefixScore + longer - shorter, true
	}
	return 0, false
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// edits is the Damerau-Levenshtein distance (of optimal alignments): how many letters must be
// changed, inserted, removed or exchanged with their neighbour.
func edits(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+boolean(a[i-1] != b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
