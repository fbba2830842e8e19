// The self-check judged on the device: the same data and the same verdicts as inquiry/selfcheck/rules.py, word for
// word, so that nothing has to leave the browser. A journey gives both the same random answers.

const LEAST_FIRST = ["weekly", "iop", "higher", "emergency"];

export const chosen = (answers, name) => [answers[name] ?? []].flat();

function number(score, answers) {
  if (score.count) return score.of.filter((code) => chosen(answers, score.count).includes(code)).length;
  const given = score.items.map((item) => chosen(answers, item));
  return given.every((one) => one.length) ? given.reduce((sum, one) => sum + Number(one[0]), 0) : -1;
}

function isSo(check, name, wanted, answers) {
  if (typeof wanted === "number") return number(check.scores[name], answers) >= wanted;
  const given = chosen(answers, name);
  return wanted.length ? wanted.some((one) => given.includes(one)) : !given.length;
}

const holds = (check, condition, answers) =>
  condition.some((each) => Object.entries(each).every(([name, wanted]) => isSo(check, name, wanted, answers)));

const rulesOf = (check, audience, answers) =>
  check.rules.filter((rule) => rule.audiences.includes(audience) && holds(check, rule.when, answers));

/** What would help most, judged by all answers given, however few they are. */
export function judge(check, audience, answers) {
  const held = rulesOf(check, audience, answers);
  const strength = Math.max(...held.map((rule) => LEAST_FIRST.indexOf(rule.suggests)));
  const suggestion = LEAST_FIRST[strength];
  const isSaid = (rule) =>
    rule.suggests === suggestion || rule.urgent || (!rule.suggests && suggestion !== "emergency");
  const reasons = held.filter(isSaid);
  const stepsOf = (rules) => rules.flatMap((rule) => rule.steps);
  const first = stepsOf(reasons.filter((rule) => rule.suggests));
  const notes = stepsOf(reasons.filter((rule) => !rule.suggests));
  const steps = [...new Set([...first, ...check.last_steps[suggestion], ...notes])];
  return { suggestion, urgent: held.some((rule) => rule.urgent), reasons, steps };
}

/** The rules that hold already and whose help cannot wait for the last question. */
export const atOnce = (check, audience, answers) =>
  rulesOf(check, audience, answers).filter((rule) => rule.at_once);

/** The questions that these answers lead to, in order. */
export const asked = (check, audience, answers) =>
  check.questions.filter(
    (one) => one.audiences.includes(audience) && (!one.asked_if.length || holds(check, one.asked_if, answers)),
  );

/** What of these answers was asked: changing one may take others back. */
export function kept(check, audience, answers) {
  const found = {};
  for (const one of check.questions) {
    const given = chosen(answers, one.id);
    if (given.length && asked(check, audience, found).includes(one)) found[one.id] = one.many ? given : given[0];
  }
  return found;
}
