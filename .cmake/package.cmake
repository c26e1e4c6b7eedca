# cpack --config build/release/CPackConfig.cmake -B build/packages: the Debian package.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME turnd)
set(CPACK_PACKAGE_CONTACT "The turnd maintainers <turnd@localhost>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "STUN and TURN server for WebRTC")
set(CPACK_PACKAGE_DESCRIPTION "Relays real-time media between clients that cannot reach each other: over
UDP, TCP, TLS and DTLS, IPv4 and IPv6. Safe by default, observable while it
runs and changed while it runs. With turnctl, the administrator's tool.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# systemd-sysusers makes the user; the scripts use deb-systemd-helper and -invoke.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "systemd | systemd-standalone-sysusers | systemd-sysusers, init-system-helpers (>= 1.54~)")
set(scripts ${CMAKE_CURRENT_SOURCE_DIR}/.cmake/debian)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${scripts}/conffiles ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_STRIP_FILES ON)

# The package has files in /etc: installed under DESTDIR, with the prefix that a package has.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
include(CPack)
