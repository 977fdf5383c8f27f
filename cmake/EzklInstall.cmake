# What `cmake --install` puts down: the program, the library, the public headers and a package for find_package(ezkl).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS ezkl_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET lilith)
  install(TARGETS lilith RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(TARGETS ezkl EXPORT ezkl_targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/ezkl" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT ezkl_targets NAMESPACE ezkl:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ezkl FILE ezkl-config.cmake)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ezkl-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/ezkl-config-version.cmake" DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/ezkl)
# The prefix is known only when it is installed to.
set(EZKL_PC_IN "${PROJECT_SOURCE_DIR}/cmake/ezkl.pc.in")
install(CODE "
  set(CMAKE_INSTALL_LIBDIR \"${CMAKE_INSTALL_LIBDIR}\")
  set(CMAKE_INSTALL_INCLUDEDIR \"${CMAKE_INSTALL_INCLUDEDIR}\")
  set(PROJECT_VERSION \"${PROJECT_VERSION}\")
  configure_file(\"${EZKL_PC_IN}\" \"${PROJECT_BINARY_DIR}/ezkl.pc\" @ONLY)")
install(FILES "${PROJECT_BINARY_DIR}/ezkl.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
