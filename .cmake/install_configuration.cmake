# Runs at install time: what depends on the prefix, or must not overwrite what the operator wrote.
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr(/local)?/?$")
  set(etc /etc/turnd)
else()
  set(etc ${CMAKE_INSTALL_PREFIX}/etc/turnd)
endif()

# An edited configuration stays. (dpkg does the same by its list of conffiles: its root is empty here.)
if(EXISTS $ENV{DESTDIR}${etc}/turnd.yaml)
  message(STATUS "Keeping: $ENV{DESTDIR}${etc}/turnd.yaml")
else()
  file(INSTALL ${turnd_source}/conf/turnd.yaml DESTINATION ${etc}
       PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ) # secrets may be written into it
endif()

# The unit names the program and its configuration where they are installed.
file(READ ${turnd_source}/systemd/turnd.service unit)
string(REPLACE /usr/sbin/turnd ${CMAKE_INSTALL_PREFIX}/sbin/turnd unit "${unit}")
string(REPLACE /etc/turnd/ ${etc}/ unit "${unit}")
set(units ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
message(STATUS "Installing: $ENV{DESTDIR}${units}/turnd.service")
file(WRITE $ENV{DESTDIR}${units}/turnd.service "${unit}")
