import Configuration
import Core
import Logging
import SystemPackage

/// Every setting of the server and its tools. The same names serve as environment variables, as lines of a file and,
/// without the prefix, as flags: `CHEXIN_HTTP_PORT` is `--http-port`. A flag wins over the environment, the environment
/// over the file.
///
/// - `CHEXIN_DATABASE_URL`: `sqlite:PATH`, by default `sqlite:chexin.sqlite`; or `postgres://USER@HOST/DATABASE` with
/// any option of libpq behind a `?`. A password belongs into the password file (`~/.pgpass`, or `passfile=`).
/// - `CHEXIN_HTTP_HOST`, `CHEXIN_HTTP_PORT`: where to listen, by default `127.0.0.1` and `8080`; port 0 takes a free
/// one.
/// - `CHEXIN_LOG_ORIGIN`: name of the ledger, fixed with its first entry, by default `localhost/chexin`.
/// - `CHEXIN_KEY_DIR`: where the server's secrets are kept, by default beside the SQLite file; with PostgreSQL
/// it has to be said.
/// - `CHEXIN_WITNESS_POLICY`: a file that names who signs the log's checkpoints beside it, and how many must have
/// (C2SP tlog-policy); by default nobody.
/// - `CHEXIN_REPAIR_GUIDE`: a file in JSON with what parts cost and how long work takes, by which claims are checked;
/// by default none, and a person looks at every part and every hour.
/// - `CHEXIN_LOG_LEVEL`: `trace` to `critical`, by default `info`.
/// - `CHEXIN_TRUSTED_PROXIES`: addresses of the proxies in front, apart by commas, whose `X-Forwarded-For` is believed;
/// by default none. Without it every stranger behind a proxy shares one quota.
/// - `CHEXIN_PUBLIC_URL`: where people reach the server, for the links in letters, by default `http://localhost:` and
/// the port.
/// - `CHEXIN_WEBHOOK_PRIVATE_NETWORKS`: whether webhooks may go to private networks and to this machine, by `http`,
/// too: `true` or `false`, by default `false`. Whoever may make a watch then reaches what the server reaches.
/// - `CHEXIN_RATE_LIMIT_SCALE`: multiplies every quota of the rate limits, 1 to 1000, by default 1.
struct Settings: Sendable {
    let store: StoreLocation
    let httpHost: String
    let httpPort: Int
    let logOrigin: String
    let keyDirectory: String
    let witnessPolicy: String?
    let repairGuide: String?
    let logLevel: Logger.Level
    let rateLimitScale: Int
    let trustedProxies: Set<String>
    /// Without a slash at its end.
    let publicURL: String
    let webhooksReachPrivateNetworks: Bool

    static let defaultDatabaseURL = "sqlite:chexin.sqlite"
    static let defaultHTTPHost = "127.0.0.1"
    static let defaultHTTPPort = 8080
    static let defaultLogOrigin = "localhost/chexin"

    /// - Throws: `SettingsError` with a sentence for each setting that is wrong.
    init(_ config: ConfigReader) throws {
        var faults: [String] = []
        let url = config.string(forKey: "chexin.database.url", default: Settings.defaultDatabaseURL)
        let store = StoreLocation(url: url)
        if store == nil { faults.append(StoreLocation.fault(in: url)) }
        let host = config.string(forKey: "chexin.http.host", default: Settings.defaultHTTPHost)
        if host.isEmpty || host.contains(" ") { faults.append("CHEXIN_HTTP_HOST must be a host name or an address.") }
        let port = Settings.port(config.string(forKey: "chexin.http.port"), &faults)
        let origin = config.string(forKey: "chexin.log.origin", default: Settings.defaultLogOrigin)
        if !Settings.isOrigin(origin) {
            faults.append(
                "CHEXIN_LOG_ORIGIN must be 1 to 100 visible ASCII characters without \"+\", not \"\(origin)\"."
            )
        }
        let level = Settings.level(config.string(forKey: "chexin.log.level"), &faults)
        let scale = Settings.scale(config.string(forKey: "chexin.rate.limit.scale"), &faults)
        let proxies = Settings.proxies(config.string(forKey: "chexin.trusted.proxies"), &faults)
        let publicURL = Settings.publicURL(config.string(forKey: "chexin.public.url"), port: port, &faults)
        let reachesPrivate = Settings.flag(
            "CHEXIN_WEBHOOK_PRIVATE_NETWORKS",
            config.string(forKey: "chexin.webhook.private.networks"),
            &faults
        )
        let keyDirectory = config.string(forKey: "chexin.key.dir") ?? store?.keyDirectoryBeside
        if keyDirectory == nil, store != nil {
            faults.append("CHEXIN_KEY_DIR must be set where the database is not a file.")
        }
        guard faults.isEmpty, let store, let port, let level, let scale, let proxies, let publicURL, let keyDirectory,
            let reachesPrivate
        else {
            throw SettingsError(faults)
        }
        self.store = store
        httpHost = host
        httpPort = port
        logOrigin = origin
        self.keyDirectory = keyDirectory
        witnessPolicy = config.string(forKey: "chexin.witness.policy")
        repairGuide = config.string(forKey: "chexin.repair.guide")
        logLevel = level
        rateLimitScale = scale
        trustedProxies = proxies
        self.publicURL = publicURL
        webhooksReachPrivateNetworks = reachesPrivate
    }

    private static func port(_ text: String?, _ faults: inout [String]) -> Int? {
        guard let text else { return defaultHTTPPort }
        guard let port = Int(text), (0...65_535).contains(port) else {
            faults.append("CHEXIN_HTTP_PORT must be a number from 0 to 65535, not \"\(text)\".")
            return nil
        }
        return port
    }

    private static func level(_ text: String?, _ faults: inout [String]) -> Logger.Level? {
        guard let text else { return .info }
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            faults.append("CHEXIN_LOG_LEVEL must be one of \(levels), not \"\(text)\".")
            return nil
        }
        return level
    }

    private static let scales = 1...1000

    private static func scale(_ text: String?, _ faults: inout [String]) -> Int? {
        guard let text else { return scales.lowerBound }
        guard let scale = Int(text), scales.contains(scale) else {
            faults.append(
                "CHEXIN_RATE_LIMIT_SCALE must be \(scales.lowerBound) to \(scales.upperBound), not \"\(text)\"."
            )
            return nil
        }
        return scale
    }

    /// What a checkpoint's first line may be (C2SP tlog-checkpoint, signed-note): no white space, no plus.
    private static func isOrigin(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2B }
    }
}

/// Settings that are wrong, each with a sentence that names it.
struct SettingsError: Error, CustomStringConvertible {
    let faults: [String]

    init(_ faults: [String]) {
        self.faults = faults
    }

    var description: String { faults.joined(separator: "\n") }
}

extension Settings {
    /// - Parameters:
    ///   - flags: what the command line says, by the key of the setting.
    ///   - file: a file of `NAME=value` lines.
    static func read(
        flags: [String: String],
        file: String?,
        environment: [String: String]? = nil
    ) async throws -> Settings {
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.map { key, value in
                        (
                            AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                            ConfigValue(.string(value), isSecret: false)
                        )
                    }
                )
            ),
            environment.map { EnvironmentVariablesProvider(environmentVariables: $0) }
                ?? EnvironmentVariablesProvider(),
        ]
        if let file {
            do {
                providers.append(try await EnvironmentVariablesProvider(environmentFilePath: FilePath(file)))
            } catch {
                throw SettingsError(["The settings file \"\(file)\" cannot be read."])
            }
        }
        return try Settings(ConfigReader(providers: providers))
    }
}
