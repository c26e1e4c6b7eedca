# ccache, where it is installed, without anything to set up. The base directory and the options below make one clone's
# results good for another clone of the same sources; the sloppiness is what ccache asks for to cache the users of a
# precompiled header.
find_program(TURND_CCACHE ccache DOC "The compiler cache, or empty for none")
if(TURND_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${TURND_CCACHE})
endif()
