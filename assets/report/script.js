"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const video = byId("video");
const FIRST_LANES = 24;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

function element(kind, className, text) {
  const made = document.createElement(kind);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
const lasting = (seconds) => (seconds < 9.95 ? `${Math.max(0.1, seconds).toFixed(1)} s` : clock(seconds));
const share = (seconds) => `${(100 * Math.min(1, seconds / data.duration_s)).toFixed(4)}%`;

function jump(seconds, what) {
  video.currentTime = seconds;
  showNow(seconds);
  video.scrollIntoView({ block: "nearest" });
  byId("said").textContent = `${what}, ${clock(seconds)}`;
}

function showNow(seconds) {
  byId("lanes").style.setProperty("--now", share(seconds));
}

function nextMoment(label) {
  const later = label.spans.find(([start]) => start > video.currentTime + 0.05);
  jump((later ?? label.spans[0])[0], label.name);
}

function jumpAlong(event, bar, label) {
  const box = bar.getBoundingClientRect();
  const wanted = ((event.clientX - box.left) / box.width) * data.duration_s;
  const reach = (6 / box.width) * data.duration_s;
  const inside = label.spans.some(([start, end]) => wanted >= start && wanted <= end);
  const near = inside ? undefined : label.spans.find(([start, end]) => wanted >= start - reach && wanted <= end + reach);
  jump(Math.max(0, near ? near[0] : wanted), label.name);
}

function lane(label) {
  const row = element("div", "lane");
  const name = element("button", "name");
  const swatch = element("i");
  swatch.style.background = label.colour;
  name.type = "button";
  name.append(swatch, element("span", "", label.name));
  name.title = data.video ? `${label.name}: jump to its next moment` : label.name;
  name.disabled = !data.video;
  name.addEventListener("click", () => nextMoment(label));
  const bar = element("div", "bar");
  bar.setAttribute("aria-hidden", "true");
  for (const [start, end] of label.spans) {
    const span = element("div");
    span.style.left = share(start);
    span.style.width = share(end - start);
    span.style.background = label.colour;
    span.title = `${label.name} ${clock(start)} to ${clock(end)}`;
    bar.append(span);
  }
  if (data.video) bar.addEventListener("click", (event) => jumpAlong(event, bar, label));
  const time = element("span", "time", lasting(label.seen_s));
  time.title = `On screen for ${label.seen_s.toFixed(2)} s`;
  row.append(name, time, element("span", "many", label.tracks ? count(label.tracks, "object") : ""), bar);
  return row;
}

function axis() {
  const row = element("div", "axis");
  const ticks = element("div", "ticks");
  ticks.setAttribute("aria-hidden", "true");
  const step = STEPS.find((seconds) => data.duration_s / seconds <= 9) ?? 86400;
  for (let at = 0; at <= data.duration_s * 0.95; at += step) {
    const tick = element("span", "", clock(at));
    tick.style.left = share(at);
    ticks.append(tick);
  }
  row.append(ticks);
  return row;
}

function card(object) {
  const item = element("li");
  const button = element("button", "card");
  const image = element("img");
  image.src = `data:image/jpeg;base64,${object.image}`;
  image.alt = "";
  image.loading = "lazy";
  image.style.borderBottomColor = object.colour;
  button.type = "button";
  button.disabled = !data.video;
  button.append(image, element("b", "", object.name));
  button.append(element("small", "", `${Math.round(object.confidence * 100)} % at ${clock(object.time_s)}`));
  button.addEventListener("click", () => jump(object.time_s, object.name));
  item.append(button);
  return item;
}

function showVideo() {
  document.body.classList.add("playable");
  byId("player").hidden = false;
  video.addEventListener("error", () => { byId("failure").hidden = false; });
  video.addEventListener("timeupdate", () => showNow(video.currentTime));
  video.addEventListener("seeking", () => showNow(video.currentTime));
  video.src = data.video;
  byId("link").href = data.video;
  byId("link").textContent = data.video_name;
}

function showLanes() {
  const lanes = byId("lanes");
  const more = byId("more");
  byId("nothing").hidden = data.labels.length > 0;
  if (!data.labels.length) return;
  lanes.append(axis(), ...data.labels.slice(0, FIRST_LANES).map(lane));
  const left = data.labels.slice(FIRST_LANES);
  more.hidden = left.length === 0;
  more.textContent = `Show ${count(left.length, "more label")}`;
  more.addEventListener("click", () => {
    lanes.append(...left.map(lane));
    more.hidden = true;
  });
}

function showObjects() {
  byId("objects").hidden = data.objects.length === 0;
  byId("cards").append(...data.objects.map(card));
  if (data.objects.length < data.objects_in_all) {
    byId("limit").hidden = false;
    byId("limit").textContent =
      `The ${count(data.objects.length, "object")} that were seen best, of ${data.objects_in_all.toLocaleString("en")}.`;
  }
}

byId("title").textContent = data.title;
byId("facts").textContent = [
  clock(data.duration_s), count(data.frames, "frame"), count(data.labels.length, "label"),
  count(data.objects_in_all, "object"), data.model,
].filter(Boolean).join(" · ");
if (data.video) showVideo();
showLanes();
showObjects();
