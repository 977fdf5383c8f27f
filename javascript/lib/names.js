'use strict';
// The library's names in JavaScript's spelling.

const renamed = { runArgs: 'py_run_args' };
// Names of the command line that stand in advice.
const spelled = { py_run_args: 'runArgs', constant: 'variables', input_shape: 'variables' };

/** srsPath: srs_path */
const toLibrary = (name) => renamed[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** srs_path: srsPath */
const fromLibrary = (name) => spelled[name] ?? name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

module.exports = { toLibrary, fromLibrary };
