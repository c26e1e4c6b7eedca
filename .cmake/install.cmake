# cmake --install: programs, unit, system user, configuration, completions, documents. Under /usr and /usr/local the
# configuration goes to /etc, under any other prefix below it, so that a trial install touches nothing else.
include(GNUInstallDirs)

if(TARGET turnd)
  install(TARGETS turnd RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
endif()
if(TARGET turnctl)
  install(TARGETS turnctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

  # The scripts come from the program, which knows its own commands.
  set(completions ${CMAKE_BINARY_DIR}/completions)
  set(places bash bash-completion/completions/turnctl zsh zsh/site-functions/_turnctl
             fish fish/vendor_completions.d/turnctl.fish)
  while(places)
    list(POP_FRONT places shell place)
    add_custom_command(OUTPUT ${completions}/turnctl.${shell}
                       COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
                       COMMAND turnctl completion ${shell} > ${completions}/turnctl.${shell}
                       DEPENDS turnctl COMMENT "Completions for ${shell}" VERBATIM)
    list(APPEND scripts ${completions}/turnctl.${shell})
    get_filename_component(folder ${place} DIRECTORY)
    get_filename_component(file ${place} NAME)
    install(FILES ${completions}/turnctl.${shell} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} RENAME ${file})
  endwhile()
  add_custom_target(completions ALL DEPENDS ${scripts})
  add_dependencies(programs completions)
endif()

install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES systemd/turnd.sysusers DESTINATION lib/sysusers.d RENAME turnd.conf)
install(CODE "set(turnd_source \"${CMAKE_CURRENT_SOURCE_DIR}\")")
install(SCRIPT .cmake/install_configuration.cmake)
