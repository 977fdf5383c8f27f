'use strict';
// The compiled part: libezkl.so.1 and its door to Node, which lie beside each other.

const fs = require('node:fs');
const path = require('node:path');

const platform = `${process.platform}-${process.arch}`;
const file = path.join(__dirname, '..', 'prebuilds', platform, 'ezkl.node');
if (!fs.existsSync(file)) {
  throw new Error(
    `ezkl-cpp has nothing compiled for ${platform}: there is no ${file} (docs/javascript.md says how it is built)`,
  );
}

/** run, cancel, runSync, version, compatibleVersion: addon/module.cpp */
module.exports = require(file);
