# The program that relays in the kernel: compiled by clang for BPF, and wrapped by bpftool into a header that libbpf loads.
# Without one of the three turnd is built without it, and says so when it is asked for.
find_program(TURND_BPF_CLANG clang)
find_program(TURND_BPFTOOL bpftool PATHS /usr/sbin)
pkg_check_modules(libbpf IMPORTED_TARGET GLOBAL libbpf>=1.0)

add_library(turnd_libbpf INTERFACE)
set(TURND_OFFLOAD OFF)
if(TURND_BPF_CLANG AND TURND_BPFTOOL AND libbpf_FOUND)
  set(TURND_OFFLOAD ON)
  target_link_libraries(turnd_libbpf INTERFACE PkgConfig::libbpf)
else()
  message(STATUS "turnd is built without the offload: it needs clang, bpftool and libbpf-dev")
endif()

# The sources of turnd/offload that do not belong to this build, and the header of the program.
function(turnd_build_offload)
  set(folder ${CMAKE_SOURCE_DIR}/turnd/offload)
  if(NOT TURND_OFFLOAD)
    set_source_files_properties(${folder}/kernel_relay.cpp ${folder}/loaded_program.cpp ${folder}/hook.cpp
                                PROPERTIES HEADER_FILE_ONLY ON)
    return()
  endif()
  set_source_files_properties(${folder}/unavailable.cpp PROPERTIES HEADER_FILE_ONLY ON)
  set(generated ${CMAKE_BINARY_DIR}/offload)
  file(MAKE_DIRECTORY ${generated})
  add_custom_command(
    OUTPUT ${generated}/relay.skel.h
    COMMAND ${TURND_BPF_CLANG} -O2 -g -Wall -Wextra -target bpf -I${CMAKE_SOURCE_DIR}
            -idirafter /usr/include/${CMAKE_LIBRARY_ARCHITECTURE} -c ${folder}/relay.bpf.c -o ${generated}/relay.bpf.o
    COMMAND ${TURND_BPFTOOL} gen skeleton ${generated}/relay.bpf.o name relay_bpf > ${generated}/relay.skel.h
    DEPENDS ${folder}/relay.bpf.c ${folder}/relay_plan.bpf.h ${folder}/relay_packet.bpf.h ${folder}/relay_maps.h
    VERBATIM)
  target_sources(turnd_offload PRIVATE ${generated}/relay.skel.h)
  target_include_directories(turnd_offload SYSTEM PRIVATE ${generated})
endfunction()
