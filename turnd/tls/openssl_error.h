// OpenSSL's error queue, in words.
#pragma once

#include <string>

namespace turnd::tls {

// The first reason in this thread's queue, which is emptied; "unknown error" when it is empty.
[[nodiscard]] std::string take_openssl_error();

}  // namespace turnd::tls
