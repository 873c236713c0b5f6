// Everything that this adds stands in the page without it as well: sorting, the rate that is looked at, and a node's numbers beside it.
(function () {
  "use strict";
  document.documentElement.classList.add("js");

  function make(tag, text) {
    var e = document.createElement(tag);
    if (text !== undefined) { e.textContent = text; }
    return e;
  }

  function list(dl, figures) {
    dl.replaceChildren.apply(dl, figures.map(function (f) {
      var pair = make("div");
      pair.append(make("dt", f.title), make("dd", f.text));
      return pair;
    }));
  }

  // Tables: a button in each header; rows that say more of the one above stay with it.
  function valueOf(row, column) {
    var cell = row.cells[column];
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim();
  }

  function compare(a, b) {
    if (typeof a === typeof b) { return typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }); }
    return typeof a === "number" ? -1 : 1;
  }

  function sort(table, header) {
    var down = header.getAttribute("aria-sort") === "ascending", column = header.cellIndex, groups = [];
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
      if (row.className === "under" && groups.length) { groups[groups.length - 1].push(row); } else { groups.push([row]); }
    });
    groups.sort(function (a, b) {
      var order = compare(valueOf(a[0], column), valueOf(b[0], column));
      return down ? -order : order;
    });
    groups.forEach(function (rows) { table.tBodies[0].append.apply(table.tBodies[0], rows); });
    table.querySelectorAll("thead th").forEach(function (th) { th.setAttribute("aria-sort", "none"); });
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  document.querySelectorAll("table").forEach(function (table) {
    if (table.querySelectorAll("tbody tr:not(.under)").length < 2) { return; }
    table.querySelectorAll("thead th").forEach(function (th) {
      var button = make("button", th.textContent);
      button.type = "button";
      button.addEventListener("click", function () { sort(table, th); });
      th.replaceChildren(button);
      th.setAttribute("aria-sort", "none");
    });
  });

  // A report: what its diagrams, plots, tables and sections show belongs to one of its steps.
  document.querySelectorAll(".report").forEach(function (report) {
    var data = report.querySelector(".data");
    if (!data) { return; }
    data = JSON.parse(data.textContent);
    var shown = data.shown;
    var panel = report.querySelector(".panel"), points = report.querySelector(".points");
    if (panel && points) { panel.append(points); } // one of them is shown now: there is room beside the diagram
    var rows = report.querySelectorAll("[data-steps] tbody tr");
    var diagrams = Array.prototype.map.call(report.querySelectorAll(".diagram"), function (figure) {
      return prepare(figure, function () { return data.diagrams[figure.dataset.diagram].steps[shown]; });
    });
    var charts = report.querySelectorAll(".chart[data-markers]");

    function show(step) {
      shown = step;
      diagrams.forEach(function (d) { d.draw(); });
      charts.forEach(function (chart) {
        var x = chart.dataset.markers.split(" ")[step];
        chart.querySelectorAll(".marker").forEach(function (line) {
          line.setAttribute("x1", x);
          line.setAttribute("x2", x);
        });
      });
      report.querySelectorAll("[data-step]").forEach(function (e) { e.classList.toggle("chosen", Number(e.dataset.step) === step); });
      rows.forEach(function (row) { row.classList.toggle("chosen", row.cells[0].textContent.trim() === data.steps[step].rate); });
    }

    var box = report.querySelector(".rates");
    if (box) {
      var slider = box.querySelector("input"), output = box.querySelector("output"), at = report.querySelector("dl.figures");
      var move = function () {
        var step = Number(slider.value);
        output.textContent = data.steps[step].rate;
        slider.setAttribute("aria-valuetext", data.steps[step].rate);
        if (at) { list(at, data.steps[step].figures); }
        show(step);
      };
      slider.value = data.shown; // a browser that reloads may have kept another
      slider.addEventListener("input", move);
      box.hidden = false;
      move();
    }
    show(shown);
  });

  // A diagram: colours and words of its nodes and edges, and the numbers of the node that is pointed at or has the focus.
  function prepare(figure, now) {
    var numbers = figure.querySelector(".numbers"), drawing = figure.querySelector(".drawing"), current = null;
    if (!drawing) { return { draw: function () {} }; }
    var svg = drawing.querySelector("svg"), nodes = drawing.querySelectorAll(".node"), edges = drawing.querySelectorAll(".edge");
    svg.setAttribute("role", "group"); // what an image contains nobody can go to
    svg.setAttribute("aria-label", svg.querySelector("title").textContent);

    function put(node) {
      var state = now().nodes[node.dataset.node], dl = make("dl");
      numbers.replaceChildren(make("strong", node.dataset.node), dl);
      dl.replaceChildren.apply(dl, [].concat.apply([], state.figures.map(function (f) { return [make("dt", f.title), make("dd", f.text)]; })));
      numbers.hidden = false;
      var at = node.getBoundingClientRect(), frame = figure.getBoundingClientRect();
      numbers.style.left = Math.max(Math.min(at.left - frame.left, frame.width - numbers.offsetWidth), 0) + "px";
      numbers.style.top = at.bottom - frame.top + 8 + "px";
    }

    function look(node) {
      current = node;
      if (node) { put(node); } else { numbers.hidden = true; }
    }

    function focused() {
      return drawing.contains(document.activeElement) ? document.activeElement.closest(".node") : null;
    }

    nodes.forEach(function (node) {
      var title = node.querySelector("title");
      if (title) { title.remove(); } // the numbers say it
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "img");
      node.addEventListener("mouseenter", function () { look(node); });
      node.addEventListener("mouseleave", function () { look(focused()); });
      node.addEventListener("focus", function () { look(node); });
      node.addEventListener("blur", function () { look(null); });
    });
    figure.addEventListener("keydown", function (e) { if (e.key === "Escape") { look(null); } });

    function write(elements, lines) {
      elements.forEach(function (e, i) { e.textContent = lines[i] || ""; });
    }

    return {
      draw: function () {
        var step = now();
        figure.querySelector(".at").textContent = step.caption;
        nodes.forEach(function (node) {
          var state = step.nodes[node.dataset.node];
          node.classList.toggle("loaded", state.colour !== "");
          node.classList.toggle("bottleneck", state.bottleneck);
          node.querySelectorAll(".load").forEach(function (shape) { shape.style.fill = state.colour; });
          write(node.querySelectorAll(".load-label"), [state.load]);
          write(node.querySelectorAll(".count"), [state.count]);
          node.setAttribute("aria-label", [node.dataset.node].concat(state.figures.map(function (f) { return f.title + " " + f.text; })).join(", "));
        });
        edges.forEach(function (edge) {
          var flows = step.edges.find(function (e) { return e.from === edge.dataset.from && e.to === edge.dataset.to; });
          write(edge.querySelectorAll(".flow-label"), flows.lines);
        });
        if (current) { put(current); }
      }
    };
  }
})();
