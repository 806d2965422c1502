// The people of the page as data: who is there, what they are called.

/**
 * @param {App} app
 * @param {Person} person
 */
export const personName = (app, person) => person.name[app.state.language];

/**
 * The person of an id, null where the page has none.
 *
 * @param {App} app
 * @param {string | null | undefined} id
 */
export const personOf = (app, id) => app.start.people.find((person) => person.id === id) ?? null;

/**
 * Whoever searches, null where that is nobody.
 *
 * @param {App} app
 */
export const chosenPerson = (app) => personOf(app, app.state.user);

/**
 * What somebody is called; by their id where the page does not have them.
 *
 * @param {App} app
 * @param {string} id
 */
export function nameOfPerson(app, id) {
  const person = personOf(app, id);
  return person ? personName(app, person) : id;
}
