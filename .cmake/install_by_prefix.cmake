# Runs at install time: what depends on the prefix, comes from the installed program, or must not overwrite what the
# operator wrote.
set(prefix ${CMAKE_INSTALL_PREFIX})
if(prefix MATCHES "^/usr(/local)?/?$")
  set(etc /etc/turnd)
else()
  set(etc ${prefix}/etc/turnd)
endif()

# An edited configuration stays. (dpkg does the same by its list of conffiles: its root is empty here.)
foreach(program IN ITEMS turnd signald)
  if(EXISTS $ENV{DESTDIR}${etc}/${program}.yaml)
    message(STATUS "Keeping: $ENV{DESTDIR}${etc}/${program}.yaml")
  else()
    file(INSTALL ${turnd_source}/conf/${program}.yaml DESTINATION ${etc}
         PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ) # secrets may be written into it
  endif()
endforeach()

# The units name the programs and their configurations where they are installed.
foreach(program IN ITEMS turnd signald)
  file(READ ${turnd_source}/systemd/${program}.service unit)
  string(REPLACE /usr/sbin/${program} ${prefix}/sbin/${program} unit "${unit}")
  string(REPLACE /etc/turnd/ ${etc}/ unit "${unit}")
  message(STATUS "Installing: $ENV{DESTDIR}${prefix}/lib/systemd/system/${program}.service")
  file(WRITE $ENV{DESTDIR}${prefix}/lib/systemd/system/${program}.service "${unit}")
endforeach()

# Completion scripts come from turnctl, which knows its own commands. zsh looks into one folder for packages and another
# for what was built here.
set(bash bash-completion/completions/turnctl)
set(fish fish/vendor_completions.d/turnctl.fish)
set(zsh zsh/site-functions/_turnctl)
if(prefix MATCHES "^/usr/?$")
  set(zsh zsh/vendor-completions/_turnctl)
endif()
foreach(shell IN ITEMS bash fish zsh)
  set(script $ENV{DESTDIR}${prefix}/share/${${shell}})
  execute_process(COMMAND $ENV{DESTDIR}${prefix}/bin/turnctl completion ${shell} OUTPUT_VARIABLE text
                  COMMAND_ERROR_IS_FATAL ANY)
  message(STATUS "Installing: ${script}")
  file(WRITE ${script} "${text}")
endforeach()
