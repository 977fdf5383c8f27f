#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "commit/commitment_key.hpp"
#include "ezkl/run_args.hpp"
#include "plonk/keys.hpp"

namespace ezkl {

/// `given`, else the default place of a setup of that scheme for 2^logrows rows. errors: Fault::io, with what to do,
/// when nothing was given and nothing lies there.
std::filesystem::path setup_path(const std::optional<std::filesystem::path>& given, std::uint32_t logrows,
                                 Commitment scheme);

/// The setup that a circuit of these arguments is committed with. errors: as setup_path, Srs::open and IpaParams::open.
std::unique_ptr<CommitmentKey> open_setup(const std::optional<std::filesystem::path>& given, const RunArgs& args);

/// The same for who makes keys or commitments that are compared with others, and so relies on every point.
/// errors: besides those, Fault::format as setup_refusal.
std::unique_ptr<CommitmentKey> open_checked_setup(const std::optional<std::filesystem::path>& given,
                                                  const RunArgs& args);

/// Warns where somebody may know the secret of a setup. `what` names it.
void warn_of_setup(SetupOrigin origin, const std::string& what);

/// Refuses a key that was made under another scheme than the settings', as far as a key shows it: unused columns are
/// committed to by the identity under KZG and by the blinding base under IPA. errors: Fault::format.
void check_key_scheme(const plonk::VerifyingKey& vk, Commitment scheme, const std::filesystem::path& vk_path);

}  // namespace ezkl
