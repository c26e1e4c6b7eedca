#include <sys/stat.h>

#include <utility>

#include "turnd/tls/server_context.h"

namespace turnd::tls {

CertificateWatch::CertificateWatch(const Settings& settings)
    : settings_(settings), certificate_(stamp(settings.certificate)), key_(stamp(settings.key)) {}

bool CertificateWatch::changed() {
  const Stamp certificate = stamp(settings_.certificate);
  const Stamp key = stamp(settings_.key);
  const bool is_same = certificate == certificate_ && key == key_;
  certificate_ = certificate;
  key_ = key;
  return !is_same;
}

// A file that is missing has a stamp too: its return is a change.
CertificateWatch::Stamp CertificateWatch::stamp(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino, static_cast<std::uint64_t>(found.st_size),
          std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec};
}

}  // namespace turnd::tls
