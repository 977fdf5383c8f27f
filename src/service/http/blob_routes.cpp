// /v1/blobs and /v1/uploads.
#include <charconv>

#include "artifact/json.hpp"
#include "artifact/json_writer.hpp"
#include "artifact/sha256_text.hpp"
#include "http/api.hpp"
#include "store/limits.hpp"
#include "store/names.hpp"

namespace ezkl::service {
namespace {

constexpr std::uint64_t longest_blob = std::uint64_t{256} << 30;

/// Takes a body into an upload, and the upload into the store once it is whole.
class UploadSink : public BodySink {
 public:
  UploadSink(ApiParts& parts, std::string tenant, UploadRow row, bool in_one_piece)
      : parts_(parts),
        tenant_(std::move(tenant)),
        row_(std::move(row)),
        in_one_piece_(in_one_piece),
        file_(parts.uploads / row_.id),
        upload_(std::make_unique<Upload>(file_)) {}
  ~UploadSink() override {
    if (!in_one_piece_ || !upload_) return;
    std::error_code ignored;  // nobody knows its id, so nobody can go on with it
    std::filesystem::remove(file_, ignored);
  }

  std::uint64_t offset() const { return upload_->offset(); }

  void append(std::span<const std::uint8_t> bytes) override {
    if (upload_->offset() + bytes.size() > row_.size) throw Refusal(413, "more bytes than were announced");
    upload_->append(bytes);
  }

  Response finish() override {
    Response out;
    out.status = in_one_piece_ ? 201 : 204;
    out.headers.emplace_back("Upload-Offset", std::to_string(upload_->offset()));
    if (upload_->offset() < row_.size) {
      if (in_one_piece_) throw Refusal(400, "fewer bytes than were announced");
      return out;
    }
    try {
      Blob blob = parts_.blobs.take(file_, row_.sha256);
      parts_.holdings.hold(tenant_, blob);
      // It may have been swept between the two, as nobody's.
      if (!parts_.blobs.size_of(row_.sha256)) parts_.blobs.take(file_, row_.sha256);
    } catch (const Error& error) {
      if (error.fault() != Fault::format) throw;
      end();
      throw Refusal(409, error.text());
    }
    end();
    return out;
  }

 private:
  void end() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    if (!in_one_piece_) parts_.holdings.end_upload(row_.id);
    upload_.reset();
  }

  ApiParts& parts_;
  std::string tenant_;
  UploadRow row_;
  bool in_one_piece_;
  std::filesystem::path file_;
  std::unique_ptr<Upload> upload_;
};

void check_room(ApiParts& parts, const KeyOwner& owner, std::uint64_t size) {
  if (size > longest_blob) throw Refusal(413, "a file may have " + std::to_string(longest_blob) + " bytes");
  if (parts.holdings.bytes(owner.tenant) + size > owner.quota.max_bytes) {
    throw Refusal(429, "this tenant may store " + std::to_string(owner.quota.max_bytes) + " bytes");
  }
  std::error_code unknown;
  const auto space = std::filesystem::space(parts.uploads, unknown);
  if (!unknown && space.available < size + (std::uint64_t{64} << 20)) throw Refusal(507, "no space for so many bytes");
}

std::uint64_t offset_of(const Request& request) {
  const std::string text = request.header("upload-offset");
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size()) throw Refusal(400, "Upload-Offset must be a number");
  return out;
}

}  // namespace

std::unique_ptr<BodySink> Api::blob_sink(const Request& request, const KeyOwner& owner,
                                         const std::vector<std::string>& at) {
  if (at[1] == "blobs" && request.method == "PUT") {
    if (!is_sha256_text(at[2])) throw Refusal(404, "a blob's name is 64 hexadecimal digits");
    if (!request.length) throw Refusal(411, "say the length of the body");
    check_room(parts_, owner, *request.length);
    return std::make_unique<UploadSink>(parts_, owner.tenant, UploadRow{random_uuid(), at[2], *request.length}, true);
  }
  if (at[1] == "uploads" && request.method == "PATCH") {
    const auto row = is_uuid(at[2]) ? parts_.holdings.upload(owner.tenant, at[2]) : std::nullopt;
    if (!row) throw Refusal(404, "there is no such upload");
    if (!request.length) throw Refusal(411, "say the length of the body");
    std::unique_ptr<UploadSink> sink;
    try {
      sink = std::make_unique<UploadSink>(parts_, owner.tenant, *row, false);
    } catch (const Error& error) {
      throw Refusal(error.fault() == Fault::usage ? 409 : 500, error.text());
    }
    if (sink->offset() != offset_of(request)) {
      throw Refusal(409, "the upload has " + std::to_string(sink->offset()) + " bytes");
    }
    return sink;
  }
  throw Refusal(405, "the method is not for this address");
}

Response Api::blobs(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at) {
  if (at.size() != 3 || !is_sha256_text(at[2])) throw Refusal(404, "a blob's name is 64 hexadecimal digits");
  if (!parts_.holdings.size_of(owner.tenant, at[2])) throw Refusal(404, "this blob has not been sent");
  Response out;
  if (request.method == "DELETE") {
    try {
      parts_.holdings.give_up(owner.tenant, at[2]);
    } catch (const Error& error) {
      throw Refusal(error.fault() == Fault::usage ? 409 : 500, error.text());
    }
    out.status = 204;
    return out;
  }
  if (request.method != "GET" && request.method != "HEAD") throw Refusal(405, "the method is not for this address");
  out.type = "application/octet-stream";
  out.file = parts_.blobs.path_of(at[2]);
  out.headers.emplace_back("ETag", '"' + at[2] + '"');
  return out;
}

Response Api::uploads(const Request& request, const KeyOwner& owner, const std::vector<std::string>& at) {
  Response out;
  if (at.size() == 2 && request.method == "POST") {
    const Json json = Json::parse(request.body, "body", most_json_values);
    UploadRow row{random_uuid(), json.member("sha256", [](const Json& text) { return text.text(); }),
                  json.member("size", [](const Json& size) { return size.integer<std::uint64_t>(); })};
    if (!is_sha256_text(row.sha256)) throw Refusal(400, "sha256 is 64 hexadecimal digits");
    if (parts_.holdings.size_of(owner.tenant, row.sha256)) {
      out.body = R"({"have":true})";
      return out;
    }
    check_room(parts_, owner, row.size);
    parts_.holdings.begin_upload(owner.tenant, row);
    out.status = 201;
    out.headers = {{"Location", "/v1/uploads/" + row.id}, {"Upload-Offset", "0"}};
    out.body = R"({"have":false,"id":")" + row.id + "\"}";
    return out;
  }
  if (at.size() == 3 && request.method == "HEAD" && is_uuid(at[2])) {
    const auto row = parts_.holdings.upload(owner.tenant, at[2]);
    if (!row) throw Refusal(404, "there is no such upload");
    std::error_code absent;
    const auto size = std::filesystem::file_size(parts_.uploads / row->id, absent);
    out.headers = {{"Upload-Offset", std::to_string(absent ? 0 : size)}, {"Upload-Length", std::to_string(row->size)}};
    return out;
  }
  throw Refusal(at.size() > 3 ? 404 : 405, "the method is not for this address");
}

}  // namespace ezkl::service
