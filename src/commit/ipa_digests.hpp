#pragma once

#include <array>
#include <string_view>

namespace ezkl {

/// SHA-256 of the first 2^k bases of inner-product commitments as they stand in a file, for k = 0 .. 20. Bases are
/// hashes, so everybody's are the same; the digests were made of freshly hashed ones, as the test IpaDigests does
/// again.
inline constexpr std::array<std::string_view, 21> ipa_digests = {
    "ef1d522848336d1f49bf95313b4e401fc406fbcb10bed71392481fa0fcc32b7d",
    "4635bd5682d76e4cfe4d54f3ffbfe18f706ae86b64071a1f5c071524c364e38c",
    "59851e0a25b6e04812da002e82aafbfe57af79fe0d652d1b183b9602d3180ee9",
    "3d5147c35928b84137b2f383d051f61a035c8aebf618b0bc49f391b6010d88a3",
    "f72777bc02761e486c1d08281a38a8d24f7f287b214634248d5a57179dc44212",
    "7f259dbf5e1009c36270fa31bec3e3eda414792d8c9bd60dc9a7aca5242cf52d",
    "f5a5c414a353d25124da71a7c8488ef6646d459266c688e1f69341ac56b4ce94",
    "efc310f1f533d0f308b874d984414c062452b604f413c2b4c5250c4051655c4c",
    "6438bd247bf91c4cbd4673b18624802bbc4c5b7e5f5a15e37c814d6ccdc73f28",
    "ac4592ec274a6b2f3add92051170d909c028b9174169edbd1e34256a3572e1bd",
    "e16ba6c90e34dbb5fd5b35369c23c08c45f78c41eab0de7b2997b6f8c6f51fb4",
    "e1f6ba62499742393797c867f7699df64205636e633c90e3f3e67549eb7283a2",
    "f0d4ba0170d77d00f5bd37367e7c66dcc0167f30cd1cebe3df8e9caf47a6713a",
    "111c100d961167e857b60c2cdb2724edab247b684d7ee0ac5fb337e1a7aad4e5",
    "29bed09c7449f2efbc988cadf8aaf28e65daccb0ea2ba7f54be605285c12a8be",
    "aad2d62d1b32b9858e93adb3e4da10e15c2dd1530c13c9494908a1b46015ba69",
    "dfe8f95ff5bb062acfaf88e534b06329ddfe45ce9842a637630e3ec71e925480",
    "e86f24a0450761f85abf6b8a4599f7b7ae3fff1c7cf723b4affc0146479bf15a",
    "f44af1c49ccb7ae8f03f9c72cc2c228cb6a4db67415a4af5be72ccea86f9c2f8",
    "7d1951f6e2dd32f30bdb0fd6a01524ffe2e5dfa72e3bfa8127e85ea05bc97ead",
    "2c7dab970b5926f310466844d3cfdba37d61bb5f344de98e90935c51a23f5ffd",
};

}  // namespace ezkl
