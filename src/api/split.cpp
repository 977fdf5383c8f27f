#include "api/split.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "api/choose_settings.hpp"
#include "api/cut_search.hpp"
#include "api/data_shapes.hpp"
#include "api/fixed_values.hpp"
#include "api/loaded_model.hpp"
#include "api/manifest.hpp"
#include "api/model_settings.hpp"
#include "api/run_args_check.hpp"
#include "artifact/compiled_file.hpp"
#include "artifact/settings_file.hpp"
#include "artifact/sumcheck_settings.hpp"
#include "base/border.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/same_file.hpp"
#include "circuit/configure.hpp"
#include "circuit/rows.hpp"
#include "graph/build_graph.hpp"
#include "graph/claims/evaluation.hpp"
#include "graph/field_inputs.hpp"
#include "graph/record.hpp"
#include "graph/split/model_cutter.hpp"
#include "onnx/export.hpp"

namespace ezkl {
namespace {

using Kind = Visibility::Kind;

/// Searches for cuts that keep the rows of all parts below a limit: each looks at real circuits.
constexpr int max_rounds = 5;

struct Part {
  ModelDef model;
  CompiledModel compiled;
};

/// The outputs of a part as the next part's input data.
InputData outputs_as_data(const std::vector<claims::Felts>& outputs, const std::string& source) {
  InputData out;
  out.source = source;
  for (const claims::Felts& felts : outputs) {
    auto& list = out.inputs.emplace_back();
    for (const Fr& felt : felts) list.push_back({InputValue::Kind::felt, 0, felt});
  }
  return out;
}

class Splitter {
 public:
  Splitter(const ModelDef& model, const RunArgs& args, const SplitOptions& options, const SettingsChoice& choice)
      : model_(model), args_(args), options_(options), choice_(choice), cutter_(model, args) {}

  std::vector<Part> run() {
    return options_.max_rows ? within_rows(*options_.max_rows) : build(places(), std::nullopt);
  }

 private:
  std::vector<std::size_t> places() {
    return options_.parts ? search().into(*options_.parts) : cutter_.cut_behind(options_.at);
  }

  /// Rows of the model's nodes by name: nodes that a loop or a branch holds count for the node that holds them.
  CutSearch search() const {
    const Graph graph = build_graph(model_, args_);
    const claims::Record claims = record(graph, args_, choice_.max_model_size);
    const std::vector<RowCount> counted = rows_by_node(claims, args_);
    std::map<std::string, std::size_t> by_name;
    const auto add = [&](const auto& self, const NodeDef& node, std::size_t place) -> void {
      by_name.try_emplace(node.name, place);
      for (const auto& [name, attribute] : node.attributes) {
        for (const auto& inner : attribute.graphs) {
          for (const NodeDef& n : inner->nodes) self(self, n, place);
        }
      }
    };
    for (std::size_t i = 0; i < cutter_.size(); ++i) add(add, cutter_.node(i), i);
    std::vector<RowCount> nodes(cutter_.size());
    for (std::size_t i = 0; i < counted.size(); ++i) {
      const auto found = by_name.find(claims.node_names[i]);
      if (found == by_name.end()) continue;
      nodes[found->second].model += counted[i].model;
      nodes[found->second].products += counted[i].products;
    }
    std::vector<std::uint64_t> links;
    const std::vector<std::size_t> crossing = cutter_.crossing_volumes();
    for (std::size_t place = 0; place < crossing.size(); ++place) {
      const Visibility visibility = visibility_at(place);
      links.push_back(visibility.is_hashed()             ? hash_rows(crossing[place])
                      : visibility.kind == Kind::public_ ? crossing[place]
                                                         : 0);
    }
    return {nodes, std::move(links), crossing};
  }

  Visibility visibility_at(std::size_t place) const {
    if (place == 0) return args_.input_visibility;
    if (place == cutter_.size()) return args_.output_visibility;
    return {options_.link, {}};
  }

  /// Looks for the fewest parts by estimates, builds them, and corrects the estimates by what they really take.
  std::vector<Part> within_rows(std::size_t most) {
    const CutSearch search = this->search();
    std::vector<Part> best;
    double limit = static_cast<double>(most), refused = 1e18;
    for (int round = 0; round < max_rounds; ++round) {
      const std::vector<std::size_t> places = search.within(static_cast<std::uint64_t>(limit));
      std::vector<Part> parts = build(places, most);
      const double largest = static_cast<double>(largest_rows(parts));
      log_debug("split: " + std::to_string(places.size() + 1) + " parts, the largest built of " +
                std::to_string(static_cast<std::uint64_t>(largest)) + " rows");
      if (largest > static_cast<double>(most)) {
        refused = limit;
        limit *= 0.95 * static_cast<double>(most) / largest;
        continue;
      }
      if (best.empty() || parts.size() < best.size()) best = std::move(parts);
      // Far below what is allowed: fewer parts may do.
      const double wider = 0.95 * limit * static_cast<double>(most) / largest;
      if (best.size() == 1 || wider < 1.25 * limit || wider >= refused) break;
      limit = wider;
    }
    if (best.empty()) {
      throw Error(Fault::range, "no cuts were found that keep every part below " + std::to_string(most) + " rows",
                  {{"max_rows", "allow more with {}"}, {"parts", "or say with {}"}, {"at", "or {} where to cut"}});
    }
    if (best.size() == 1) {
      throw Error(Fault::usage,
                  "the model takes " + std::to_string(rows_of(best[0].compiled.settings)) +
                      " rows as one circuit, which is allowed",
                  {{"max_rows", "{} " + std::to_string(most) + " asks for no cut"}});
    }
    return best;
  }

  static std::uint64_t largest_rows(const std::vector<Part>& parts) {
    std::uint64_t out = 0;
    for (const Part& part : parts) out = std::max(out, rows_of(part.compiled.settings));
    return out;
  }

  /// The parts between the places of the cuts, in order. With `most`, stops behind a part of more rows.
  /// errors: Fault::range when that part has one node only.
  std::vector<Part> build(const std::vector<std::size_t>& places, std::optional<std::size_t> most) {
    std::vector<Part> parts;
    for (std::size_t i = 0; i <= places.size(); ++i) {
      const std::size_t begin = i == 0 ? 0 : places[i - 1];
      const std::size_t end = i == places.size() ? cutter_.size() : places[i];
      parts.push_back(build_part(begin, end, parts.empty() ? nullptr : &parts.back(), std::nullopt));
      const std::uint64_t rows = rows_of(parts.back().compiled.settings);
      if (!most || rows <= *most) continue;
      if (end - begin > 1) return parts;
      throw Error(Fault::range,
                  "node '" + cutter_.node(begin).name + "' (" + cutter_.node(begin).op_type + ") alone takes " +
                      std::to_string(rows) + " rows",
                  {{"max_rows", "give at least {} " + std::to_string(rows)}});
    }
    if (options_.link == Kind::polycommit) align(parts, places);
    return parts;
  }

  /// With `exactly`, the run arguments are these and nothing is chosen.
  Part build_part(std::size_t begin, std::size_t end, const Part* before, const std::optional<RunArgs>& exactly) {
    const std::string name = "part of '" + cutter_.node(begin).name + "' to '" + cutter_.node(end - 1).name + "'";
    return in_context(name, [&] {
      RunArgs args = exactly.value_or(args_);
      args.input_visibility = visibility_at(begin);
      args.output_visibility = visibility_at(end);
      // As for gen-settings: with --logrows all run arguments stand as they are.
      const bool chosen = exactly || choice_.given.logrows;
      const GivenArgs given = chosen ? GivenArgs{true, true, true, true} : choice_.given;
      Part out;
      out.model = cutter_.part(begin, end);
      BuildOptions build;
      if (before != nullptr) build.input_scales = before->compiled.settings.model_output_scales;
      out.compiled.graph = build_graph(out.model, args, build);
      const Graph& graph = out.compiled.graph;
      if (chosen) {
        samples_.clear();
      } else if (before == nullptr) {
        samples_ = samples_for(graph, choice_);
        field_inputs_ = inputs_given_as_felts(graph, samples_);
      }
      if (before == nullptr) mark_field_inputs(out.compiled.graph, field_inputs_);
      out.compiled.settings =
          choose_settings(graph, args, given, samples_, choice_.margin, choice_.target, choice_.max_model_size);
      samples_ = run(graph, out.compiled.settings.run_args, samples_);
      return out;
    });
  }

  /// What a part gives for each sample.
  std::vector<InputData> run(const Graph& graph, const RunArgs& args, const std::vector<InputData>& samples) const {
    const claims::Record claims = record(graph, args, choice_.max_model_size);
    std::vector<InputData> out;
    for (const InputData& sample : samples) {
      claims::Evaluation evaluation(claims, quantize_inputs(sample, input_specs(graph)), {false, false});
      evaluation.run();
      out.push_back(outputs_as_data(evaluation.output_felts(), sample.source));
    }
    return out;
  }

  /// Commitments are equal only where circuits have the same number of rows and blind the same number of them.
  void align(std::vector<Part>& parts, const std::vector<std::size_t>& places) {
    std::uint32_t most = 0;
    for (const Part& part : parts) most = std::max(most, part.compiled.settings.run_args.logrows);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      RunArgs args = parts[i].compiled.settings.run_args;
      if (args.logrows == most) continue;
      args.logrows = most;
      const std::size_t begin = i == 0 ? 0 : places[i - 1];
      const std::size_t end = i == places.size() ? cutter_.size() : places[i];
      parts[i] = build_part(begin, end, i == 0 ? nullptr : &parts[i - 1], args);
    }
    const auto blinding = [](const Part& p) { return configure(p.compiled.settings).cs.blinding_factors(); };
    for (const Part& part : parts) {
      if (blinding(part) == blinding(parts.front())) continue;
      throw Error(Fault::unsupported,
                  "the parts' circuits blind different numbers of rows, so that their commitments to one tensor differ",
                  {{"link", "use {} hashed"}});
    }
  }

  const ModelDef& model_;
  const RunArgs& args_;
  const SplitOptions& options_;
  const SettingsChoice& choice_;
  ModelCutter cutter_;
  std::vector<InputData> samples_;  ///< what the part built last gives
  std::vector<std::size_t> field_inputs_;  ///< of the model
};

/// Run arguments with the scale that gen-settings tries first, unless one is given. How long function tables must be
/// for it only samples tell; without any the scales stay.
RunArgs with_default_scale(const ModelDef& model, const RunArgs& args, const SettingsChoice& choice) {
  if (choice.given.scales || choice.given.logrows) return args;
  const RunArgs fine = with_scale(args, finest_scale, args.scale_rebase_multiplier, choice.given);
  const Graph graph = build_graph(model, fine);
  const claims::Record claims = record(graph, fine, choice.max_model_size);
  const bool tables = std::any_of(claims.claims.begin(), claims.claims.end(),
                                  [](const claims::Claim& c) { return c.kind == claims::Kind::table; });
  return tables && !choice.given.lookup_range && samples_for(graph, choice).empty() ? args : fine;
}

void check_options(const RunArgs& args, const SplitOptions& options) {
  if ((options.max_rows ? 1 : 0) + (options.parts ? 1 : 0) + (options.at.empty() ? 0 : 1) != 1) {
    throw Error(Fault::usage, "exactly one thing must say where to cut",
                {{"max_rows", "give {}"}, {"parts", "or {}"}, {"at", "or {}"}});
  }
  need_plonk(args, "a model in parts");
  if (args.ignore_range_check_inputs_outputs) {
    throw Error(
        Fault::usage,
        "nobody sees the values that pass between parts, so a circuit must check that its inputs are as small as it "
        "counts on",
        {{"ignore_range_check_inputs_outputs", "leave {} out"}});
  }
  link_name(options.link);
}

std::vector<LinkedTensor> linked_tensors(const Part& part) {
  std::vector<LinkedTensor> out;
  const Graph& graph = part.compiled.graph;
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    const Node& node = graph.nodes[graph.outputs[i]];
    out.push_back({graph.output_names[i], node.shape, node.scale, settings_type(node.type)});
  }
  return out;
}

/// "'relu' [1,16], 'skip' [1,4]"
std::string names_of(const std::vector<LinkedTensor>& tensors) {
  std::string out;
  for (const LinkedTensor& t : tensors) out += (out.empty() ? "'" : ", '") + t.name + "' " + to_string(t.shape);
  return out;
}

void make_folder(const Path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw Error(Fault::io, path.string() + ": cannot be made: " + error.message());
}

void move_file(const Path& from, const Path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) throw Error(Fault::io, to.string() + ": cannot be written: " + error.message());
}

/// A folder in a split for what is written of a new one: a disk that is full leaves the old one whole, or none.
class Unfinished {
 public:
  explicit Unfinished(const Path& split) : split_(split) {
    std::string name = (split / ".split-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      const int error = errno;
      throw Error(Fault::io, split.string() + ": no file can be made in it: " + std::generic_category().message(error));
    }
    folder_ = name;
  }
  ~Unfinished() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    std::filesystem::remove(split_, ignored);  // one that is empty
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const Path& folder() const { return folder_; }

 private:
  Path split_, folder_;
};

}  // namespace

PartFiles::PartFiles(const Path& in)
    : folder(in),
      network(in / "network.onnx"),
      settings(in / "settings.json"),
      compiled(in / "model.compiled"),
      vk(in / "vk.key"),
      pk(in / "pk.key"),
      input(in / "input.json"),
      witness(in / "witness.json"),
      proof(in / "proof.json") {}

std::vector<PartFiles> part_files(const Path& split, const SplitFile& file) {
  std::vector<PartFiles> out;
  for (const std::string& part : file.parts) out.emplace_back(split / part);
  return out;
}

namespace {

void refuse_way_out(const Path& path, std::filesystem::file_type wanted) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::symlink_status(path, ignored);
  if (!std::filesystem::exists(status) || status.type() == wanted) return;
  const char* const found = std::filesystem::is_symlink(status)               ? " is a link"
                            : wanted == std::filesystem::file_type::directory ? " is no folder"
                                                                              : " is no regular file";
  throw Error(Fault::io, path.string() + found + ": what is written into a split stays in its folder; remove it");
}

}  // namespace

void refuse_ways_out(const PartFiles& part) {
  refuse_way_out(part.folder, std::filesystem::file_type::directory);
  for (const Path& file : {part.network, part.settings, part.compiled, part.vk, manifest_path(part.vk), part.pk,
                           part.input, part.witness, part.proof}) {
    refuse_way_out(file, std::filesystem::file_type::regular);
  }
}

Path split_path(const Path& split) { return split / "split.json"; }

SplitFile split_model(const Path& model, const Path& output, const RunArgs& run_args, const SplitOptions& options,
                      const SettingsChoice& choice) try {
  check_options(run_args, options);
  check_run_args(run_args);
  std::vector<Part> parts = in_context(model.string(), [&] {
    const ModelDef def = read_model(model, choice.max_model_size);
    const RunArgs args = with_default_scale(def, with_data_shapes(def, run_args, choice), choice);
    return Splitter(def, args, options, choice).run();
  });
  SplitFile file;
  file.link = options.link;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    file.parts.push_back("part-" + std::to_string(i + 1));
    if (i + 1 < parts.size()) file.links.push_back(linked_tensors(parts[i]));
  }
  const std::vector<PartFiles> files = part_files(output, file);
  const Path data = choice.data.value_or(choice.usual_data);
  refuse_way_out(split_path(output), std::filesystem::file_type::regular);
  refuse_same_file({split_path(output)}, {model, data});
  for (const PartFiles& part : files) {
    refuse_ways_out(part);
    refuse_same_file({part.network, part.settings, part.compiled}, {model, data});
  }
  make_folder(output);
  const Unfinished unfinished(output);
  const std::vector<PartFiles> made = part_files(unfinished.folder(), file);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    make_folder(made[i].folder);
    // Its weights are those of model.compiled.
    write_file_atomically(made[i].network, onnx_bytes(parts[i].model), Access::owner);
    write_file_atomically(made[i].settings, settings_text(parts[i].compiled.settings));
    compile_circuit(made[i].network, made[i].compiled, made[i].settings, choice.max_model_size);
  }
  write_file_atomically(split_path(unfinished.folder()), split_text(file));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    make_folder(files[i].folder);
    move_file(made[i].network, files[i].network);
    move_file(made[i].settings, files[i].settings);
    move_file(made[i].compiled, files[i].compiled);
    const GraphSettings& settings = parts[i].compiled.settings;
    log_info(files[i].folder.string() + ": " + std::to_string(parts[i].model.graph.nodes.size()) +
             (parts[i].model.graph.nodes.size() == 1 ? " node, " : " nodes, ") + std::to_string(rows_of(settings)) +
             " rows, logrows " + std::to_string(settings.run_args.logrows) +
             (i < file.links.size() ? ", gives " + names_of(file.links[i]) : ""));
  }
  move_file(split_path(unfinished.folder()), split_path(output));
  return file;
} catch (...) {
  rethrow_as_error();
}

Path split_model(const Path& model, const Path& output, const RunArgs& run_args, const SplitOptions& options,
                 std::uint64_t max_model_size) try {
  split_model(
      model, output, run_args, options,
      SettingsChoice{{true, true, true, true, true}, std::nullopt, 2.0, ChoiceTarget::prove, max_model_size, {}});
  return output;
} catch (...) {
  rethrow_as_error();
}

}  // namespace ezkl
