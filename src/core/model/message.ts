/** Recipients of messages besides the ids of tasks; `person` also sends them. */
export const everyone = 'all';
export const person = 'person';
