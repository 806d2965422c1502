// The people of the page as data: who is there, what they are called.

export const personName = (app, person) => person.name[app.state.language];

export const chosenPerson = (app) => app.start.people.find((person) => person.id === app.state.user) || null;
