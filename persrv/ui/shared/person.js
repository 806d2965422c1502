// The people of the page as data: who is there, what they are called.

/**
 * @param {App} app
 * @param {Person} person
 */
export const personName = (app, person) => person.name[app.state.language];

/**
 * Return the person of an id, null where the page has none.
 *
 * @param {App} app
 * @param {string | null | undefined} id
 */
export const personOf = (app, id) => app.start.people.find((person) => person.id === id) ?? null;

/**
 * Return whoever searches, null for nobody.
 *
 * @param {App} app
 */
export const chosenPerson = (app) => personOf(app, app.state.user);

/**
 * Return somebody's name; the id where the page does not have the person.
 *
 * @param {App} app
 * @param {string} id
 */
export function nameOfPerson(app, id) {
  const person = personOf(app, id);
  return person ? personName(app, person) : id;
}
