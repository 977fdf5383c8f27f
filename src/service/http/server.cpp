#include "http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <csignal>
#include <list>
#include <utility>  // before Asio, which of this release forgets it

#include "ezkl/error.hpp"

namespace ezkl::service {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;
using Failed = boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto header_time = 5s, idle_time = 15s, piece_time = 30s;
constexpr std::uint32_t longest_header = 16 << 10;
constexpr std::size_t piece_bytes = 256 << 10, most_connections = 2000, workers = 4;
constexpr auto longest_slice = 5s;  // a waiting client looks again: the net below `changed`

/// Somebody who waits for a recipe.
struct Waiter {
  net::steady_timer timer;
  bool woken = false;
};

}  // namespace

struct Server::State {
  explicit State(Api& its_api) : api(its_api) {}

  Api& api;
  net::io_context io{1};
  net::thread_pool pool{workers};  // the ledger and the disk, which must not hold up other connections
  tcp::acceptor acceptor{io};
  net::signal_set signals{io};
  net::steady_timer last_call{io};
  std::multimap<std::string, Waiter*> waiting;  // of the thread of `io` alone, as what follows
  std::size_t connections = 0;
  bool stopping = false;

  void stop() {
    if (std::exchange(stopping, true)) return;
    Failed ignored;
    acceptor.close(ignored);
    signals.cancel(ignored);
    for (const auto& [recipe, waiter] : waiting) wake(*waiter);
    last_call.expires_after(connections == 0 ? 0s : 1s);
    last_call.async_wait([this](Failed) { io.stop(); });
  }
  static void wake(Waiter& waiter) {
    waiter.woken = true;
    waiter.timer.cancel();
  }
};

namespace {

// Every co_await below is a statement of its own: gcc 12 destroys temporaries of conditional ones twice.
auto into(Failed& failed) { return net::redirect_error(net::use_awaitable, failed); }

/// Does `work`, which does not throw, on another thread, and goes on here.
template <class State, class Work>
net::awaitable<std::invoke_result_t<Work>> elsewhere(State& state, Work work) {
  std::optional<std::invoke_result_t<Work>> result;
  net::steady_timer done(state.io, net::steady_timer::time_point::max());
  net::post(state.pool, [&] {
    result.emplace(work());
    net::post(state.io, [&] { done.cancel(); });
  });
  Failed ignored;
  co_await done.async_wait(into(ignored));
  co_return std::move(*result);
}

template <class Fields>
Request request_of(const Fields& message, const beast::tcp_stream& stream) {
  Request out;
  out.method = std::string(message.method_string());
  const std::string target(message.target());
  const std::size_t mark = std::min(target.find('?'), target.size());
  out.path = target.substr(0, mark);
  if (out.path.empty() || out.path[0] != '/') throw Refusal(400, "the address is malformed");
  if (mark < target.size()) out.query = parse_query(std::string_view(target).substr(mark + 1));
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out.headers[name] = std::string(field.value());
  }
  Failed ignored;
  out.address = stream.socket().remote_endpoint(ignored).address().to_string();
  return out;
}

template <class Body>
net::awaitable<bool> write(beast::tcp_stream& stream, http::response<Body>& message) {
  http::response_serializer<Body> serializer(message);
  Failed failed;
  while (!serializer.is_done() && !failed) {
    stream.expires_after(piece_time);
    co_await http::async_write_some(stream, serializer, into(failed));
  }
  co_return !failed;
}

template <class Message>
void fill(Message& message, const Response& response, bool keep_alive) {
  message.result(static_cast<unsigned>(response.status));
  message.set(http::field::server, "lilith");
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  if (response.status == 429) message.set(http::field::retry_after, "10");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
}

/// Gives whether the connection can go on.
net::awaitable<bool> send(beast::tcp_stream& stream, const Response& response, bool head, bool keep_alive) {
  const bool empty = response.status == 204;
  Failed failed;
  if (response.file) {
    http::file_body::value_type file;
    file.open(response.file->c_str(), beast::file_mode::scan, failed);
    if (failed) {
      const Response unread = problem(500, "the file cannot be read");
      co_return co_await send(stream, unread, head, false);
    }
    if (!head) {
      http::response<http::file_body> message;
      fill(message, response, keep_alive);
      message.set(http::field::content_type, response.type);
      message.body() = std::move(file);
      message.prepare_payload();
      const bool whole = co_await write(stream, message);
      co_return whole&& keep_alive;
    }
    http::response<http::empty_body> message;
    fill(message, response, keep_alive);
    message.content_length(file.size());
    const bool whole = co_await write(stream, message);
    co_return whole&& keep_alive;
  }
  if (head || empty) {
    http::response<http::empty_body> message;
    fill(message, response, keep_alive);
    if (!empty) message.content_length(response.body.size());
    const bool whole = co_await write(stream, message);
    co_return whole&& keep_alive;
  }
  http::response<http::string_body> message;
  fill(message, response, keep_alive);
  message.set(http::field::content_type, response.type);
  message.body() = response.body;
  message.prepare_payload();
  const bool whole = co_await write(stream, message);
  co_return whole&& keep_alive;
}

/// Refuses and closes, so that what follows is never read as a request. What was under way is let run dry for a moment:
/// a connection that is cut with bytes unread loses the answer.
net::awaitable<void> refuse(beast::tcp_stream& stream, const Response& response, bool head) {
  co_await send(stream, response, head, false);
  Failed failed;
  stream.socket().shutdown(tcp::socket::shutdown_send, failed);
  std::vector<char> dropped(16 << 10);
  stream.expires_after(2s);
  for (std::size_t total = 0; !failed && total < (4 << 20);) {
    const std::size_t got = co_await stream.async_read_some(net::buffer(dropped), into(failed));
    total += got;
  }
}

/// Answers, for who asked to wait only when there is something new or the time is over.
template <class State>
net::awaitable<Response> answer(State& state, const Request& request, const KeyOwner& owner) {
  const auto asked = request.query.find("wait_s");
  const auto handle = [&] { return state.api.handle(request, owner); };
  if (asked == request.query.end() || request.method != "GET") {
    Response at_once = co_await elsewhere(state, handle);
    co_return at_once;
  }
  const std::string recipe = request.path.substr(request.path.rfind('/') + 1);
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::seconds(std::min(60ul, std::strtoul(asked->second.c_str(), nullptr, 10)));
  for (;;) {
    // Listens before it looks, so that no change falls between the two.
    Waiter waiter{net::steady_timer(state.io)};
    const auto place = state.waiting.emplace(recipe, &waiter);
    Response response = co_await elsewhere(state, handle);
    const auto now = std::chrono::steady_clock::now();
    const bool wait = response.may_wait && now < deadline && !state.stopping;
    if (wait && !waiter.woken) {
      waiter.timer.expires_at(std::min<std::chrono::steady_clock::time_point>(deadline, now + longest_slice));
      Failed ignored;
      co_await waiter.timer.async_wait(into(ignored));
    }
    state.waiting.erase(place);
    if (!wait) co_return response;
  }
}

/// One request. Gives whether the connection can have another.
template <class State>
net::awaitable<bool> serve_one(State& state, beast::tcp_stream& stream, beast::flat_buffer& buffer, bool first) {
  http::request_parser<http::buffer_body> parser;
  parser.header_limit(longest_header);
  parser.body_limit(std::uint64_t{1} << 62);  // routes have their own; none at all is taken for 0 here
  stream.expires_after(first ? header_time : idle_time);
  Failed failed;
  co_await http::async_read_header(stream, buffer, parser, into(failed));
  if (failed) {
    const bool malformed = failed.category() == http::make_error_code(http::error::bad_method).category() &&
                           failed != http::error::end_of_stream && failed != http::error::partial_message;
    if (malformed) {
      const Response said = problem(400, "this is no request of HTTP/1.1: " + failed.message());
      co_await refuse(stream, said, false);
    }
    co_return false;
  }
  const bool head = parser.get().method() == http::verb::head;
  Request request;
  std::optional<Response> refused;
  try {
    request = request_of(parser.get(), stream);
    if (parser.content_length()) request.length = *parser.content_length();
  } catch (const Refusal& refusal) {
    refused = problem(refusal.status(), refusal.detail());
  }
  if (refused) {
    co_await refuse(stream, *refused, head);
    co_return false;
  }
  Admission admission = co_await elsewhere(state, [&] { return state.api.admit(request); });
  if (admission.refused) {
    co_await refuse(stream, *admission.refused, head);
    co_return false;
  }
  if (beast::iequals(request.header("expect"), "100-continue")) {
    http::response<http::empty_body> go_on(http::status::continue_, 11);
    const bool written = co_await write(stream, go_on);
    if (!written) co_return false;
  }
  std::vector<std::uint8_t> piece(parser.is_done() ? 0 : piece_bytes);
  while (!parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    stream.expires_after(piece_time);
    co_await http::async_read(stream, buffer, parser, into(failed));
    if (failed == http::error::need_buffer) failed = {};
    if (failed) co_return false;  // an upload keeps what came
    const std::span<const std::uint8_t> came(piece.data(), piece.size() - body.size);
    if (admission.sink) {
      const auto append = [&]() -> std::optional<Response> {
        try {
          admission.sink->append(came);
          return std::nullopt;
        } catch (...) {
          return state.api.refusal(request);
        }
      };
      refused = co_await elsewhere(state, append);
    } else if (request.body.size() + came.size() > admission.most_body) {
      refused = problem(413, "the body is too long");
    } else {
      request.body.append(came.begin(), came.end());
    }
    if (refused) {
      co_await refuse(stream, *refused, head);
      co_return false;
    }
  }
  const bool keep_alive = parser.get().keep_alive() && !state.stopping;
  Response response;
  if (admission.sink) {
    response = co_await elsewhere(state, [&] { return state.api.finish(request, admission); });
  } else {
    response = co_await answer(state, request, admission.owner);
  }
  co_return co_await send(stream, response, head, keep_alive);
}

template <class State>
net::awaitable<void> serve(State& state, tcp::socket socket) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer(longest_header + piece_bytes);
  ++state.connections;
  bool more = co_await serve_one(state, stream, buffer, true);
  while (more) more = co_await serve_one(state, stream, buffer, false);
  --state.connections;
  Failed ignored;
  stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
}

template <class State>
net::awaitable<void> listen(State& state) {
  for (;;) {
    Failed failed;
    tcp::socket socket = co_await state.acceptor.async_accept(into(failed));
    if (failed == net::error::operation_aborted || state.stopping) co_return;
    if (failed) {  // no descriptors left: wait for some
      net::steady_timer pause(state.io, 100ms);
      co_await pause.async_wait(into(failed));
      continue;
    }
    if (state.connections >= most_connections) continue;
    net::co_spawn(state.io, serve(state, std::move(socket)), net::detached);
  }
}

}  // namespace

Server::Server(Api& api, const std::string& address, std::uint16_t port) : state_(std::make_unique<State>(api)) {
  Failed failed;
  const net::ip::address parsed = net::ip::make_address(address, failed);
  if (failed || !parsed.is_loopback()) {
    throw Error(Fault::usage,
                "'" + address + "' is not of the loopback interface: keys and witnesses would pass openly",
                {{"listen", "put a proxy with TLS before the service"}});
  }
  const tcp::endpoint endpoint(parsed, port);
  state_->acceptor.open(endpoint.protocol(), failed);
  if (!failed) state_->acceptor.set_option(net::socket_base::reuse_address(true), failed);
  if (!failed) state_->acceptor.bind(endpoint, failed);
  if (!failed) state_->acceptor.listen(net::socket_base::max_listen_connections, failed);
  if (failed)
    throw Error(Fault::io, "cannot listen at " + address + " port " + std::to_string(port) + ": " + failed.message());
}

Server::~Server() = default;

std::uint16_t Server::port() const { return state_->acceptor.local_endpoint().port(); }

void Server::run() {
  state_->signals.add(SIGINT);
  state_->signals.add(SIGTERM);
  state_->signals.async_wait([this](Failed failed, int) {
    if (!failed) state_->stop();
  });
  net::co_spawn(state_->io, listen(*state_), net::detached);
  state_->io.run();
  state_->pool.join();
}

void Server::stop() {
  net::post(state_->io, [this] { state_->stop(); });
}

void Server::changed(const std::string& recipe) {
  net::post(state_->io, [this, recipe] {
    const auto [begin, end] = state_->waiting.equal_range(recipe);
    for (auto it = begin; it != end; ++it) State::wake(*it->second);
  });
}

}  // namespace ezkl::service
