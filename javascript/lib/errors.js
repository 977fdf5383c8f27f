'use strict';

const { commands } = require('./commands.js');
const { fromLibrary, toLibrary } = require('./names.js');

const codes = {
  cancelled: 1,
  usage: 2,
  io: 3,
  format: 4,
  unsupported: 5,
  range: 6,
  unsatisfied: 7,
  out_of_memory: 8,
  disk_full: 9,
  limit: 10,
  internal: 70,
};

/** The library's names of commands and parameters, which frames begin with, in JavaScript's spelling. */
const spellings = new Map(
  Object.entries(commands)
    .flatMap(([name, { parameters }]) => [name, ...Object.keys(parameters)])
    .map((name) => [toLibrary(name), name]),
);

/** What every failed call is rejected with. index.d.ts says what is in it. */
class EzklError extends Error {
  constructor(details, options) {
    const frames = (details.frames ?? []).map((frame) => spellings.get(frame) ?? frame);
    const hints = (details.hints ?? []).map(({ parameter, advice }) => ({ parameter: fromLibrary(parameter), advice }));
    super([...frames, details.text + adviceOf(hints, '; ')].join(': '), options);
    this.name = 'EzklError';
    this.fault = details.fault;
    this.code = codes[details.fault] ?? codes.internal;
    this.frames = frames;
    this.text = details.text;
    this.hints = hints;
  }

  /** Where: the frames in one text. */
  get context() {
    return this.frames.join(': ');
  }

  /** What to do: the advice in one text, "" where there is none. */
  get hint() {
    return adviceOf(this.hints, '');
  }
}

// "{}" in advice stands for the parameter. What begins with "and", "or" or "with" goes on with what is before it.
function adviceOf(hints, begin) {
  return hints.reduce((text, { parameter, advice }) => {
    const goesOn = text !== '' && /^(and|or|with) /.test(advice);
    return text + (goesOn ? ' ' : text === '' ? begin : '; ') + advice.replace('{}', `\`${parameter}\``);
  }, '');
}

/** Arguments that make no sense. */
function usage(text, ...frames) {
  return new EzklError({ fault: 'usage', frames, text });
}

/** A call that was stopped, in the form that AbortSignals call for. */
function aborted(signal, frames = []) {
  const error = new EzklError({ fault: 'cancelled', frames, text: 'stopped' }, { cause: signal.reason });
  error.name = 'AbortError';
  return error;
}

module.exports = { EzklError, usage, aborted };
