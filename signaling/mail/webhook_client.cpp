#include "signaling/mail/webhook_client.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>

namespace signaling::mail {
namespace {

struct CleanUp {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, CleanUp>;
using List = std::unique_ptr<curl_slist, CleanUp>;

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// What the other side answers is of no interest beyond its status.
std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

void add(List& list, const std::string& line) {
  if (curl_slist* longer = curl_slist_append(list.get(), line.c_str())) {
    [[maybe_unused]] auto* same = list.release();
    list.reset(longer);
  }
}

}  // namespace

WebhookClient::WebhookClient(std::chrono::milliseconds timeout) : timeout_(timeout) { initialise_once(); }

turnd::base::Result<WebhookTaken, WebhookError> WebhookClient::post(const WebhookRequest& request) const {
  const Handle handle(curl_easy_init());
  if (!handle) return WebhookError{"libcurl has no handle"};
  List headers;
  add(headers, "Content-Type: application/json");
  add(headers, "X-Signald-Event: " + request.event);
  add(headers, "X-Signald-Signature: " + request.signature);
  if (!request.traceparent.empty()) add(headers, "traceparent: " + request.traceparent);
  add(headers, "Expect:");
  curl_easy_setopt(handle.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
  curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, "signald");
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, request.body.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, discard);
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) return WebhookError{curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return WebhookError{"it answered " + std::to_string(status)};
  return WebhookTaken{};
}

}  // namespace signaling::mail
