import ArgumentParser

/// The settings as flags of every command.
struct SettingsOptions: ParsableArguments {
    @Option(help: "A file of NAME=value lines with settings.")
    var config: String?

    @Option(help: ArgumentHelp("Where the store is: sqlite:PATH or postgres://…", valueName: "url"))
    var databaseURL: String?

    @Option(help: "Address to listen on.")
    var httpHost: String?

    @Option(help: "Port to listen on; 0 takes a free one.")
    var httpPort: String?

    @Option(help: "Name of the ledger, fixed with its first entry.")
    var logOrigin: String?

    @Option(help: "Directory of the server's secrets.")
    var keyDir: String?

    @Option(help: "A file that names the witnesses of the log, and how many must have signed.")
    var witnessPolicy: String?

    @Option(help: "A file with what parts cost and how long work takes.")
    var repairGuide: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "Multiplies every quota of the rate limits, 1 to 1000.")
    var rateLimitScale: String?

    @Option(help: "Addresses of proxies whose X-Forwarded-For is believed, apart by commas.")
    var trustedProxies: String?

    @Option(help: ArgumentHelp("Where people reach the server, for the links in letters.", valueName: "url"))
    var publicURL: String?

    @Option(help: "Whether webhooks may go to private networks and by http: true or false.")
    var webhookPrivateNetworks: String?

    func settings() async throws -> Settings {
        let flags: [String: String?] = [
            "chexin.database.url": databaseURL,
            "chexin.http.host": httpHost,
            "chexin.http.port": httpPort,
            "chexin.log.origin": logOrigin,
            "chexin.key.dir": keyDir,
            "chexin.witness.policy": witnessPolicy,
            "chexin.repair.guide": repairGuide,
            "chexin.log.level": logLevel,
            "chexin.rate.limit.scale": rateLimitScale,
            "chexin.trusted.proxies": trustedProxies,
            "chexin.public.url": publicURL,
            "chexin.webhook.private.networks": webhookPrivateNetworks,
        ]
        return try await Settings.read(flags: flags.compactMapValues { $0 }, file: config)
    }
}
