// In the page that benchmarks/map.py measures: a probe of frames and delays, and two of the techniques it compares.

/** Records frames, and the delay of pointer and wheel steps; what shows a hover reports it by window.shown(). */
function probeMap() {
  const probe = { frames: [], delays: [], hovers: [], running: false, step: 0 };
  window.probe = probe;

  function frameEnd(then) {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => then(performance.now());
      channel.port2.postMessage(0);
    });
  }

  function stepped(event) {
    probe.step = event.timeStamp;
    if (probe.running) frameEnd((now) => probe.delays.push(now - event.timeStamp));
  }
  for (const kind of ["pointermove", "wheel"]) window.addEventListener(kind, stepped, { capture: true, passive: true });
  window.shown = () => {
    const since = probe.step;
    frameEnd((now) => probe.hovers.push(now - since));
  };

  probe.start = () => {
    Object.assign(probe, { frames: [], delays: [], running: true });
    let last = 0;
    const frame = (now) => {
      if (last) probe.frames.push(now - last);
      last = now;
      if (probe.running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  probe.stop = () => {
    probe.running = false;
    return { frame: probe.frames, delay: probe.delays };
  };
}

/** Where Plotly draws a row of these columns, in pixels of its figure. */
function plotlyPixels(plot, x, y) {
  return (row) => {
    const { xaxis, yaxis } = plot._fullLayout;
    return [xaxis._offset + xaxis.l2p(x[row]), yaxis._offset + yaxis.l2p(y[row])];
  };
}

/** Milliseconds from `start` to the second frame from now: what was drawn is then on the screen. */
function untilDrawn(start) {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))));
}

async function drawWithPlotly([type, x, y]) {
  const start = performance.now();
  const map = document.getElementById("map");
  const trace = { type, mode: "markers", x, y, hoverinfo: "none", marker: { size: 5, opacity: 0.7 } };
  const axis = { visible: false };
  const layout = { xaxis: axis, yaxis: { ...axis, scaleanchor: "x" }, dragmode: "pan", hovermode: "closest", margin: { l: 0, r: 0, t: 0, b: 0 } };
  await window.Plotly.newPlot(map, [trace], layout, { displayModeBar: false, scrollZoom: true });
  map.on("plotly_hover", () => window.shown());
  window.pixels = plotlyPixels(map, x, y);
  return untilDrawn(start);
}

/** The least that any own layer has to do: dots on one 2-D canvas, a drag, a wheel, the nearest point by looking at all. */
function drawOnCanvas([, x, y]) {
  const start = performance.now();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [900, 620];
  document.getElementById("map").append(canvas);
  const pen = canvas.getContext("2d");
  const dot = document.createElement("canvas");
  dot.width = dot.height = 6;
  const ink = dot.getContext("2d");
  ink.fillStyle = "rgb(42 111 208 / 70%)";
  ink.arc(3, 3, 2.5, 0, 7);
  ink.fill();

  const [left, top] = [Math.min(...x), Math.min(...y)];
  let scale = Math.min(900 / (Math.max(...x) - left), 620 / (Math.max(...y) - top));
  let [dx, dy] = [-left * scale, -top * scale];
  let held = null;
  let waiting = false;
  window.pixels = (row) => [x[row] * scale + dx, y[row] * scale + dy];

  function draw() {
    waiting = false;
    pen.clearRect(0, 0, 900, 620);
    for (let row = 0; row < x.length; row += 1) pen.drawImage(dot, x[row] * scale + dx - 3, y[row] * scale + dy - 3);
  }

  function later() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }

  canvas.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY]; });
  window.addEventListener("pointerup", () => { held = null; });
  canvas.addEventListener("pointermove", (event) => {
    if (held) {
      dx += event.clientX - held[0];
      dy += event.clientY - held[1];
      held = [event.clientX, event.clientY];
      later();
      return;
    }
    let nearest = 14 ** 2;
    for (let row = 0; row < x.length; row += 1) {
      const distance = (x[row] * scale + dx - event.offsetX) ** 2 + (y[row] * scale + dy - event.offsetY) ** 2;
      if (distance < nearest) nearest = distance;
    }
    if (nearest < 14 ** 2) window.shown();
  });
  canvas.addEventListener("wheel", (event) => {
    const factor = event.deltaY < 0 ? 1.1 : 1 / 1.1;
    dx = event.offsetX - (event.offsetX - dx) * factor;
    dy = event.offsetY - (event.offsetY - dy) * factor;
    scale *= factor;
    later();
  });
  draw();
  return untilDrawn(start);
}

/** The page's own map tells of every card it shows. */
function watchMap() {
  const [plot, tip] = [document.querySelector(".ps-plot"), document.querySelector(".ps-tip")];
  const told = new MutationObserver(() => { if (!tip.hidden) window.shown(); });
  told.observe(tip, { attributes: true, attributeFilter: ["hidden", "data-sticker"] });
  window.pixels = plotlyPixels(plot, plot.data[0].x, plot.data[0].y);
}
