# cmake --install: programs, unit, system user, configuration, completions, documents. Under /usr and /usr/local the
# configuration goes to /etc, under any other prefix below it, so that a trial install touches nothing else.
if(TARGET turnd)
  install(TARGETS turnd RUNTIME DESTINATION sbin)
endif()
if(TARGET turnctl)
  install(TARGETS turnctl RUNTIME DESTINATION bin)
endif()
install(FILES README.md CHANGELOG.md .cmake/debian/copyright systemd/turnd-offload.conf DESTINATION share/doc/turnd)
install(FILES systemd/turnd.sysusers DESTINATION lib/sysusers.d RENAME turnd.conf)
install(CODE "set(turnd_source \"${CMAKE_CURRENT_SOURCE_DIR}\")")
install(SCRIPT .cmake/install_by_prefix.cmake)
