#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

exit(Verification.run(Array(CommandLine.arguments.dropFirst())).rawValue)
