// Stepping through the computation and its reverse sweep.

const isComputed = name => {
  if (state.step === null) return true;
  const place = steps.findIndex(step => step.name === name);
  return place <= state.step;
};

function showStep(number, isFocused = false) {
  state.step = number;
  document.body.classList.toggle("stepping", number !== null);
  for (const article of document.querySelectorAll(".step.now")) article.classList.remove("now");
  for (const map of Grid.all) if (map.name) map.blank(!isComputed(map.name));
  $("all").setAttribute("aria-pressed", number === null);
  $("now").textContent = number === null ? `${steps.length} steps` : `Step ${number + 1} of ${steps.length}, ${steps[number].part}: ${labelOf(steps[number].name)}`;
  if (number !== null) {
    $("position").value = number;
    const article = $(steps[number].id);
    article.classList.add("now");
    if (isFocused) article.focus();
  }
  here();
  remember();
}

let timer = null;
function play(isPlaying) {
  clearInterval(timer);
  timer = null;
  $("play").setAttribute("aria-pressed", isPlaying);
  $("play").lastElementChild.textContent = isPlaying ? "pause" : "play";
  if (!isPlaying) return;
  if (state.step === null || state.step === steps.length - 1) showStep(0);
  timer = setInterval(() => state.step < steps.length - 1 ? showStep(state.step + 1) : play(false), $("slow").checked ? 3000 : 900);
}

function move(by) {
  play(false);
  showStep(state.step === null ? (by > 0 ? 0 : steps.length - 1) : Math.max(0, Math.min(steps.length - 1, state.step + by)));
}

/** Goes to the step that defines a name. */
function goTo(name) {
  const step = stepOf.get(name), place = steps.indexOf(step);
  if (!step) return;
  if (state.step !== null && place >= 0) showStep(place, true);
  else if (state.step !== null) showStep(null);
  $(step.id).scrollIntoView({ block: "start" });
}
