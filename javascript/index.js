'use strict';

const addon = require('./lib/addon.js');
const { MEMORY } = require('./lib/arguments.js');
const { commands } = require('./lib/commands.js');
const { EzklError } = require('./lib/errors.js');
const { Settings, Witness, Proof } = require('./lib/files.js');
const objects = require('./lib/objects.js');
const { Session, usualSession } = require('./lib/session.js');

const functions = Object.fromEntries(
  Object.keys(commands).map((name) => [name, usualSession[name].bind(usualSession)]),
);

module.exports = {
  /** The release of the published package that files are those of; ownVersion is this package's library. */
  version: addon.compatibleVersion,
  ownVersion: addon.version,
  MEMORY,
  EzklError,
  Proof,
  Session,
  Settings,
  Witness,
  ...objects,
  ...functions,
};
