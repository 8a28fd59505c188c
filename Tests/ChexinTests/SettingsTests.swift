import StorageSQLite
import Support
import Testing

@testable import chexin

@Suite struct SettingsTests {
    private func faults(_ environment: [String: String]) async -> String {
        do {
            _ = try await Settings.read(flags: [:], file: nil, environment: environment)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `nothing set is enough`() async throws {
        let settings = try await Settings.read(flags: [:], file: nil, environment: [:])
        #expect(settings.store == .sqlite(.file(path: "chexin.sqlite")))
        #expect(settings.httpHost == "127.0.0.1")
        #expect(settings.httpPort == 8080)
        #expect(settings.logOrigin == "localhost/chexin")
        #expect(settings.keyDirectory == "chexin.sqlite.keys")
        #expect(settings.rateLimitScale == 1)
    }

    @Test(arguments: [
        ("CHEXIN_DATABASE_URL", "mysql://x"), ("CHEXIN_DATABASE_URL", "sqlite:"), ("CHEXIN_HTTP_PORT", "abc"),
        ("CHEXIN_HTTP_PORT", "65536"), ("CHEXIN_HTTP_PORT", "-1"), ("CHEXIN_HTTP_PORT", "80.0"),
        ("CHEXIN_HTTP_HOST", "not a host"), ("CHEXIN_LOG_ORIGIN", "a b"), ("CHEXIN_LOG_ORIGIN", "a+b"),
        ("CHEXIN_LOG_ORIGIN", ""), ("CHEXIN_LOG_LEVEL", "loud"), ("CHEXIN_RATE_LIMIT_SCALE", "0"),
        ("CHEXIN_RATE_LIMIT_SCALE", "many"), ("CHEXIN_TRUSTED_PROXIES", "proxy.example"),
        ("CHEXIN_TRUSTED_PROXIES", "10.0.0.0/8"), ("CHEXIN_TRUSTED_PROXIES", "10.0.0.1,,x"),
        ("CHEXIN_PUBLIC_URL", "chexin.example"), ("CHEXIN_PUBLIC_URL", "ftp://chexin.example"),
        ("CHEXIN_PUBLIC_URL", "https://"), ("CHEXIN_PUBLIC_URL", "https://chexin.example/"),
        ("CHEXIN_PUBLIC_URL", "https://a@chexin.example"), ("CHEXIN_PUBLIC_URL", "https://chexin.example?x"),
    ])
    func `a wrong setting is named`(name: String, value: String) async {
        #expect(await faults([name: value]).contains(name))
    }

    @Test func `letters point to where the server is reached`() async throws {
        let set = try await Settings.read(
            flags: [:],
            file: nil,
            environment: ["CHEXIN_PUBLIC_URL": "https://a.example:8443"]
        )
        #expect(set.publicURL == "https://a.example:8443")
        let own = try await Settings.read(flags: [:], file: nil, environment: ["CHEXIN_HTTP_PORT": "9000"])
        #expect(own.publicURL == "http://localhost:9000")
    }

    @Test func `proxies are read in whatever form their addresses are written`() async throws {
        let proxies = "10.0.0.1, 2001:DB8:0:0::1,::ffff:10.0.0.2"
        let settings = try await Settings.read(flags: [:], file: nil, environment: ["CHEXIN_TRUSTED_PROXIES": proxies])
        #expect(settings.trustedProxies == ["10.0.0.1", "2001:db8::1", "::ffff:10.0.0.2"])
    }

    @Test func `all wrong settings are named at once`() async {
        let sentence = await faults(["CHEXIN_HTTP_PORT": "x", "CHEXIN_LOG_LEVEL": "y", "CHEXIN_LOG_ORIGIN": "z z"])
        for name in ["CHEXIN_HTTP_PORT", "CHEXIN_LOG_LEVEL", "CHEXIN_LOG_ORIGIN"] { #expect(sentence.contains(name)) }
    }

    @Test func `a flag wins over the environment, the environment over the file`() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path("settings")
        try directory.write("CHEXIN_HTTP_PORT=1\nCHEXIN_HTTP_HOST=file\nCHEXIN_LOG_ORIGIN=file\n", to: "settings")
        let settings = try await Settings.read(
            flags: ["chexin.http.port": "3"],
            file: file,
            environment: ["CHEXIN_HTTP_PORT": "2", "CHEXIN_HTTP_HOST": "environment"]
        )
        #expect(settings.httpPort == 3)
        #expect(settings.httpHost == "environment")
        #expect(settings.logOrigin == "file")
    }

    @Test func `a settings file that is not there is named`() async {
        await #expect(throws: SettingsError.self) {
            _ = try await Settings.read(flags: [:], file: "/nowhere/settings", environment: [:])
        }
    }
}
