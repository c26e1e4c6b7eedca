#include "tests/support/offload_required.h"

#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace turnd::support {
namespace {

// Tried with the smallest that there is, which needs no CAP_PERFMON as turnd's does.
bool may_load_programs() {
  std::array<bpf_insn, 2> program{};
  program[0].code = BPF_ALU64 | BPF_MOV | BPF_K;  // r0 = 0
  program[1].code = BPF_JMP | BPF_EXIT;
  static constexpr char kLicense[] = "GPL";
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SCHED_CLS;
  attributes.insns = reinterpret_cast<std::uintptr_t>(program.data());
  attributes.insn_cnt = program.size();
  attributes.license = reinterpret_cast<std::uintptr_t>(kLicense);
  const long loaded = syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes);
  if (loaded < 0) return false;
  close(static_cast<int>(loaded));
  return prctl(PR_CAPBSET_READ, CAP_PERFMON) == 1;
}

}  // namespace

bool is_offload_required() {
  const char* set = std::getenv("REQUIRE_OFFLOAD");
  const std::string_view wanted = set != nullptr ? set : "";
  if (wanted == "auto") return may_load_programs();
  return !wanted.empty() && wanted != "0";
}

}  // namespace turnd::support
