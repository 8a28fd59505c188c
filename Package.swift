// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target. An async function runs where its caller runs: a request would otherwise be moved
/// between executors at every call, a tenth of what it costs.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func library(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "chexin",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "chexin", targets: ["chexin"]),
        .executable(name: "chexin-verify", targets: ["chexin-verify"]),
        .executable(name: "chexin-benchmarks", targets: ["chexin-benchmarks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The base: what has no noun.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        library("Core", []),
        .systemLibrary(name: "CLibSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        library("Cryptography", ["Core", "COpenSSL", "CLibSodium"]),
        library("Tabular", ["Core"]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CLibWebP", pkgConfig: "libwebpmux", providers: [.apt(["libwebp-dev"])]),
        library("Imaging", ["Core", "CTurboJPEG", "CLibPNG", "CLibWebP"]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        library("Outbound", ["CLibCurl", "Core"]),
        library("Ledger", ["Core", "Cryptography"]),
        .target(
            name: "Pricing",
            dependencies: ["Core", "Cryptography", "Tabular", yams],
            exclude: ["Mappings", "market.yaml"],
            swiftSettings: settings,
            plugins: ["EmbedTextPlugin"]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        library("Storage", ["Core", "Cryptography", logging, metrics, coreMetrics, serviceLifecycle]),
        library("StorageSQLite", ["Core", "Cryptography", "Storage", grdb, grdbSQLite, logging, metrics, coreMetrics]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        library("StoragePostgres", ["CLibPQ", "Core", "Cryptography", "Storage", logging]),
        library("StoreMove", ["Cryptography", "Storage"]),
        library("Jobs", ["Core", "Storage", coreMetrics, logging, metrics, serviceLifecycle]),
        library("Accounts", ["Core", "Cryptography", "Jobs", "Storage"]),
        .target(
            name: "Migrations",
            dependencies: ["Storage"],
            path: "Migrations",
            resources: [.embedInCode("SQLite"), .embedInCode("Postgres")],
            swiftSettings: settings
        ),
        library(
            "Web",
            [
                "Core", "Cryptography", "Storage", hummingbirdCore, httpTypes, logging, metrics,
                coreMetrics, nioCore, nioPosix, nioHTTP1, nioHTTPTypes, serviceLifecycle,
            ]
        ),

        // The slices: a noun each.
        library("Identity", ["Core", "Cryptography", "Storage", "Web", httpTypes, logging, serviceLifecycle]),
        library(
            "TransparencyLog",
            ["Core", "Cryptography", "Ledger", "Storage", "Web", "Identity", httpTypes, logging, serviceLifecycle]
        ),
        library(
            "History",
            [
                "Core", "Cryptography", "Ledger", "Storage", "Web", "Identity", "TransparencyLog", httpTypes, nioCore,
                logging,
            ]
        ),
        library(
            "People",
            ["Core", "Cryptography", "Storage", "Web", "Identity", httpTypes, logging, serviceLifecycle]
        ),
        library(
            "Valuation",
            [
                "Core", "Cryptography", "Pricing", "Tabular", "Storage", "Web", "Identity", "History", httpTypes,
                logging, nioCore, serviceLifecycle,
            ]
        ),
        library(
            "Listings",
            [
                "Core", "Cryptography", "Imaging", "Pricing", "Tabular", "Storage", "Web", "Identity", "History",
                "Valuation", httpTypes, logging, nioCore, serviceLifecycle,
            ]
        ),

        library(
            "Watches",
            [
                "Core", "Cryptography", "Ledger", "Outbound", "Storage", "Jobs", "Web", "Identity", "People", "History",
                httpTypes, logging, serviceLifecycle,
            ]
        ),

        .target(
            name: "Warranty",
            dependencies: [
                "Core", "Cryptography", "Tabular", "Storage", "Web", "Identity", "History", "Listings", "Pricing",
                "Valuation", httpTypes, nioCore, yams,
            ],
            exclude: ["plans.yaml"],
            swiftSettings: settings,
            plugins: ["EmbedTextPlugin"]
        ),

        library(
            "Claims",
            [
                "Accounts", "Core", "History", "Identity", "Jobs", "Listings", "People", "Storage", "Warranty",
                "Watches", "Web", httpTypes,
            ]
        ),

        // What people look at: it asks the slices' own operations.
        .target(
            name: "Pages",
            dependencies: [
                "Core", "Cryptography", "Ledger", "Storage", "Web", "Identity", "TransparencyLog", "History", "Imaging",
                "Listings", "Pricing", "Valuation", httpTypes,
            ],
            exclude: ["Script"],
            swiftSettings: settings,
            plugins: ["EmbedTextPlugin"]
        ),

        // What outsiders read of it all.
        .target(
            name: "OpenAPI",
            dependencies: ["Core", "Cryptography", "Web", httpTypes, yams],
            exclude: ["openapi.yaml"],
            swiftSettings: settings,
            plugins: ["EmbedTextPlugin"]
        ),
        .executableTarget(name: "embed-text", path: "Sources/EmbedText", swiftSettings: settings),
        .plugin(
            name: "EmbedTextPlugin",
            capability: .buildTool(),
            dependencies: ["embed-text"],
            path: "Sources/EmbedTextPlugin"
        ),

        // What a buyer verifies a car's history with, alone and offline: no other dependency, so that it links whole.
        .executableTarget(
            name: "chexin-verify",
            dependencies: ["Core", "Cryptography", "Ledger"],
            swiftSettings: settings
        ),

        // The server, its tools, and what it shows newcomers.
        library("Demonstration", ["Core"]),
        .executableTarget(
            name: "chexin",
            dependencies: [
                "Accounts", "Claims", "Core", "Cryptography", "Ledger", "Storage", "StorageSQLite", "StoragePostgres",
                "StoreMove", "Migrations", "Web", "Identity", "History", "Imaging", "Jobs", "Listings", "Pages",
                "People", "Pricing", "Tabular", "CZlib", "OpenAPI", "Demonstration", "TransparencyLog", "Valuation",
                "Warranty", "Watches", "Outbound", argumentParser, configuration, httpTypes, logging, metrics, nioCore,
                serviceLifecycle, systemPackage, unixSignals,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "chexin-benchmarks",
            dependencies: [
                "Claims", "Core", "Cryptography", "Ledger", "Storage", "StorageSQLite", "StoragePostgres", "Migrations",
                "Web", "Identity", "History", "Listings", "Pricing", "Support", "TransparencyLog", "Warranty",
                hummingbird, argumentParser, logging, metrics, serviceLifecycle,
                nioCore,
                nioPosix,
                nioHTTP1,
            ],
            path: "Benchmarks",
            swiftSettings: settings
        ),

        // The tests, in the order of what they test.
        .target(
            name: "Support",
            dependencies: [
                "Core", "Cryptography", "People", "Storage", "StorageSQLite", "StoragePostgres", "Migrations", "Web",
                "TransparencyLog", logging, nioCore, nioPosix, nioHTTP1,
            ],
            path: "Tests/Support",
            swiftSettings: settings
        ),
        tests("CoreTests", ["Core"]),
        tests("CryptographyTests", ["Core", "Cryptography"]),
        tests("ImagingTests", ["CLibPNG", "CLibWebP", "CTurboJPEG", "Core", "Imaging", "Support"]),
        tests("OutboundTests", ["Core", "Outbound", "Support"]),
        tests("TabularTests", ["Core", "Support", "Tabular"]),
        tests("PricingTests", ["Core", "Cryptography", "Pricing", "Tabular", "CZlib"]),
        tests("LedgerTests", ["Core", "Cryptography", "Ledger", "chexin-verify"]),
        tests(
            "StorageTests",
            [
                "Core", "Cryptography", "Storage", "StorageSQLite", "StoragePostgres", "StoreMove", "Migrations",
                "Support", "SourceText", coreMetrics, logging, metricsTestKit, grdb,
            ]
        ),
        tests("StoreMoveTests", ["Core", "Cryptography", "Storage", "StoreMove", "Support"]),
        tests(
            "WebTests",
            [
                "Core", "Cryptography", "Storage", "Web", "Support", coreMetrics, httpTypes, logging, nioCore,
                serviceLifecycle,
            ]
        ),
        tests(
            "JobsTests",
            ["Core", "Jobs", "Storage", "Support", coreMetrics, logging, metricsTestKit, serviceLifecycle]
        ),
        tests("AccountsTests", ["Accounts", "Core", "Jobs", "Storage", "Support", logging]),
        tests("PagesTests", ["Core", "Cryptography", "Listings", "Pages", "Web", httpTypes]),
        library("SourceText", path: "Tests/SourceText", []),
        tests("Tidy", ["SourceText"]),
        tests(
            "Contract",
            [
                "Claims", "Core", "Cryptography", "Storage", "Identity", "History", "Jobs", "Listings", "People",
                "OpenAPI", "Outbound", "TransparencyLog", "Valuation", "Warranty", "Watches", "Web", "Support",
                "chexin",
                httpTypes, logging, yams,
            ]
        ),
        tests(
            "IdentityTests",
            ["Core", "Cryptography", "Storage", "Web", "Identity", "Support", httpTypes, logging]
        ),
        tests(
            "EndToEnd",
            [
                "chexin", "Core", "Cryptography", "History", "Ledger", "Listings", "Storage", "TransparencyLog",
                "Valuation", "Warranty", "Watches", "Web", "Identity", "Jobs", "Outbound", "People", "Support",
                httpTypes, logging, metrics,
            ]
        ),
        tests(
            "TransparencyLogTests",
            ["Core", "Cryptography", "Ledger", "Storage", "Support", "TransparencyLog", logging]
        ),
        tests(
            "HistoryTests",
            [
                "Core", "Cryptography", "Ledger", "Storage", "StorageSQLite", "Migrations", "Web", "Identity",
                "History",
                "Support", httpTypes, logging,
            ]
        ),
        tests(
            "PeopleTests",
            ["Core", "Cryptography", "Storage", "Web", "Identity", "People", "Support"]
        ),
        tests(
            "ValuationTests",
            ["Core", "Identity", "Pricing", "Storage", "Support", "Valuation", "Web", logging]
        ),
        tests(
            "ListingsTests",
            [
                "Core", "Cryptography", "History", "Identity", "Imaging", "Listings", "Storage", "Support", "Tabular",
                "Web", logging,
            ]
        ),
        tests("WatchesTests", ["Core", "Cryptography", "Outbound", "Support", "Watches"]),
        tests("WarrantyTests", ["Core", "Cryptography", "Support", "Warranty"]),
        tests(
            "ClaimsTests",
            [
                "Accounts", "Claims", "Core", "Cryptography", "History", "Identity", "Jobs", "Listings", "Outbound",
                "Storage", "Support", "Warranty", "Watches", "Web", logging,
            ]
        ),
        tests("DemonstrationTests", ["Core", "Cryptography", "Demonstration", "History", "Web"]),
        tests("Simulation", ["chexin", "Core", "Cryptography", "Support"]),
        tests(
            "ChexinTests",
            [
                "chexin", "Claims", "Core", "Cryptography", "Identity", "Ledger", "People", "Storage", "StorageSQLite",
                "StoragePostgres", "Support", "TransparencyLog",
            ]
        ),
    ]
)
