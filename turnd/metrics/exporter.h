// Exporter: a snapshot in the Prometheus text format (design.md section 6; operations.md D32-D35).
#pragma once

#include <string>

#include "turnd/metrics/snapshot.h"

namespace turnd::metrics {

// The Content-Type that goes with it.
inline constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

// Every series of a closed set of labels is there, 0 included, so that a rate has a beginning (D34).
[[nodiscard]] std::string to_prometheus_text(const Snapshot& snapshot);

}  // namespace turnd::metrics
