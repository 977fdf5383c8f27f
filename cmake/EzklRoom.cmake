# ezkl_room(<name> SOURCES <files> [PUBLIC_HEADERS <files of include/ezkl>]
#           [DEPENDS <rooms below>] [LIBS <libraries its headers need>] [PRIVATE_LIBS <libraries its sources need>])
#
# A room is one static library. Its include path is a view: a folder of links that shows only the room itself, its
# public headers and the rooms below it, so a wrong include does not compile.
set(EZKL_VIEWS "${PROJECT_BINARY_DIR}/rooms" CACHE PATH "where the include views of the rooms are laid out")

function(ezkl_room name)
  cmake_parse_arguments(PARSE_ARGV 1 R "" "" "SOURCES;PUBLIC_HEADERS;DEPENDS;LIBS;PRIVATE_LIBS")
  set(view "${EZKL_VIEWS}/${name}")
  file(MAKE_DIRECTORY "${view}/ezkl")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${view}/${name}" SYMBOLIC)
  foreach(header IN LISTS R_PUBLIC_HEADERS)
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/include/ezkl/${header}" "${view}/ezkl/${header}" SYMBOLIC)
  endforeach()

  add_library(ezkl_${name} STATIC ${R_SOURCES})
  set_target_properties(ezkl_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(ezkl_${name} PUBLIC "$<BUILD_INTERFACE:${view}>")
  foreach(below IN LISTS R_DEPENDS)
    if(NOT TARGET ezkl_${below})
      message(FATAL_ERROR "room '${name}' depends on '${below}', which is not below it (see src/CMakeLists.txt)")
    endif()
    target_link_libraries(ezkl_${name} PUBLIC ezkl_${below})
  endforeach()
  target_link_libraries(ezkl_${name} PUBLIC ezkl_flags ${R_LIBS} PRIVATE ${R_PRIVATE_LIBS})
endfunction()

# ezkl_test(<name> SOURCES <files> ROOMS <rooms> [LIBS <libraries>] [LABELS <labels>] [TIMEOUT <seconds>])
# One GoogleTest program; every TEST becomes a ctest entry.
function(ezkl_test name)
  cmake_parse_arguments(PARSE_ARGV 1 T "" "TIMEOUT" "SOURCES;ROOMS;LIBS;LABELS")
  add_executable(${name} ${T_SOURCES})
  foreach(room IN LISTS T_ROOMS)
    target_link_libraries(${name} PRIVATE ezkl_${room})
  endforeach()
  target_link_libraries(${name} PRIVATE ezkl_flags ezkl_test_main ${T_LIBS})
  target_compile_definitions(${name} PRIVATE
    EZKL_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    EZKL_SHARED="${PROJECT_SOURCE_DIR}/../shared")
  set(labels ${T_LABELS})
  if(NOT labels)
    set(labels unit)
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 300)
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${labels}" TIMEOUT ${T_TIMEOUT})
endfunction()
