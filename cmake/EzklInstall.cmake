# What `cmake --install` puts down, or with --component of it: the program (`program`), the proving service (`service`),
# the library (`library`), the public headers and a package for find_package(ezkl) (`development`).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS ezkl_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
if(TARGET lilith)
  install(TARGETS lilith RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT service)
endif()
install(TARGETS ezkl EXPORT ezkl_targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
  NAMELINK_COMPONENT development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ezkl" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT ezkl_targets NAMESPACE ezkl:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ezkl FILE ezkl-config.cmake
  COMPONENT development)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ezkl-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/ezkl-config-version.cmake" DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ezkl
  COMPONENT development)
# The prefix is known only when it is installed to.
set(EZKL_PC_IN "${PROJECT_SOURCE_DIR}/cmake/ezkl.pc.in")
install(CODE "
  set(CMAKE_INSTALL_LIBDIR \"${CMAKE_INSTALL_LIBDIR}\")
  set(CMAKE_INSTALL_INCLUDEDIR \"${CMAKE_INSTALL_INCLUDEDIR}\")
  set(PROJECT_VERSION \"${PROJECT_VERSION}\")
  configure_file(\"${EZKL_PC_IN}\" \"${PROJECT_BINARY_DIR}/ezkl.pc\" @ONLY)"
  COMPONENT development)
install(FILES "${PROJECT_BINARY_DIR}/ezkl.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
