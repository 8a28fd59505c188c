import Core
import Foundation
import Support
import Testing

/// A server process of a platform that pays in the dealers' place, and everybody who has a part in it.
final class ClaimHouse {
    struct Worker {
        let id: String
        fileprivate(set) var token: String
        fileprivate let app: AuthenticatorApp?

        fileprivate static let nobody = Worker(id: "", token: "", app: nil)
    }

    /// What was sent, so that it can be sent again exactly.
    struct Request {
        let method: String
        let path: String
        let token: String
        let body: JSON?
        let key: String?
        let tag: String?

        var headers: HTTPClient.Headers {
            let own = [
                ("Authorization", token.isEmpty ? nil : "Bearer \(token)"), ("Idempotency-Key", key), ("If-Match", tag),
            ]
            return [("Content-Type", "application/json")] + own.compactMap { name, value in value.map { (name, $0) } }
        }
    }

    private static let password = "correct horse battery"
    /// Well within the minutes for which a second factor counts, and longer than a code does.
    private static let stepUpSeconds = 40.0

    let directory: TemporaryDirectory
    private(set) var server: ServerProcess
    private(set) var client: HTTPClient
    private(set) var administrator = ""
    private(set) var dealer = ""
    private(set) var senior = Worker.nobody
    private(set) var finance = Worker.nobody
    private(set) var buyer = (id: "", token: "")
    private(set) var kills = 0
    /// How often what happened.
    private(set) var notes: [String: Int] = [:]
    private var steppedUpAt = Date()

    private init(_ directory: TemporaryDirectory, _ server: ServerProcess) {
        self.directory = directory
        self.server = server
        client = HTTPClient(port: server.port)
    }

    static func open() async throws -> ClaimHouse {
        let directory = try TemporaryDirectory()
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
        let invited = try await ["claims_senior", "finance"].asyncMap { try await invitation($0, directory) }
        let house = ClaimHouse(directory, try await start(directory))
        house.administrator = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue)
        house.senior = try await house.join(invited[0])
        house.finance = try await house.join(invited[1])
        try await house.certify()
        house.buyer = try await house.signInBuyer()
        let dealer: JSON = ["kind": "dealer", "name": "理赔车行", "uscc": "91330106MACLA1MX5A"]
        let made = try await house.ask("POST", "/v1/organizations", house.administrator, dealer)
        house.dealer = try #require(made.id)
        return house
    }

    private static func start(_ directory: TemporaryDirectory) async throws -> ServerProcess {
        let arguments = ["--rate-limit-scale", "1000"]
        let server = try ServerProcess(directory: directory, port: try freePort(), arguments: arguments)
        try await server.waitUntilReady()
        return server
    }

    func note(_ what: String) { notes[what, default: 0] += 1 }

    /// As a power cut ends it; another one starts on what is on the disk.
    func killAndRestart() async throws {
        await server.kill()
        kills += 1
        server = try await ClaimHouse.start(directory)
        client = HTTPClient(port: server.port)
    }

    // MARK: Asking

    func send(_ request: Request) async throws -> HTTPAnswer {
        try await client.send(request.method, request.path, headers: request.headers, body: request.body?.bytes)
    }

    func ask(_ method: String, _ path: String, _ token: String, _ body: JSON? = nil) async throws -> HTTPAnswer {
        let request = Request(method: method, path: path, token: token, body: body, key: nil, tag: nil)
        let answer = try await send(request)
        #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.text)")
        return answer
    }

    /// A step for the version that there is now.
    func step(_ thing: String, _ name: String, _ token: String, _ body: JSON, key: String? = nil) async throws
        -> Request
    {
        let tag = try await ask("GET", thing, administrator).header("ETag")
        return Request(method: "POST", path: "\(thing)/\(name)", token: token, body: body, key: key, tag: tag)
    }

    func take(_ thing: String, _ name: String, _ token: String, _ body: JSON = [:]) async throws {
        let answer = try await send(try await step(thing, name, token, body))
        #expect((200..<300).contains(answer.status), "\(thing)/\(name): \(answer.text)")
    }

    // MARK: People

    private static func invitation(_ role: String, _ directory: TemporaryDirectory) async throws -> String {
        let login = "\(role.replacing("_", with: "."))@claims.example.com"
        let arguments = ["admin", "invite", "--login", login, "--name", "王理赔", "--role", role]
        let invited = try await ServerProcess.run(arguments, directory)
        let link = try #require(try JSONParser.parse(invited.output)["link"]?.stringValue, "\(invited.complaint)")
        return String(try #require(link.split(separator: "#").last))
    }

    private func join(_ link: String) async throws -> Worker {
        let opened = try await ask("POST", "/v1/invitations/open", "", ["token": JSON(link)])
        let secret = try JSONParser.parse(opened.body)["totp"]?["secret"]?.stringValue
        let app = try AuthenticatorApp(secret: try #require(secret))
        let acceptance: JSON = [
            "token": JSON(link), "password": JSON(ClaimHouse.password), "code": JSON(try app.code(at: .current)),
        ]
        let joined = try await ask("POST", "/v1/invitations/accept", "", acceptance)
        let json = try JSONParser.parse(joined.body)
        return Worker(
            id: try #require(json["person"]?["id"]?.stringValue),
            token: try #require(json["token"]?.stringValue),
            app: app
        )
    }

    private func certify() async throws {
        let me = try JSONParser.parse(try await ask("GET", "/v1/me", administrator).body)
        let platform = try #require(me["organization"]?["id"]?.stringValue)
        let today = Instant.current.dateInChina
        let certificate: JSON = [
            "kind": "claims", "level": "senior", "number": "CX-9", "issued_on": JSON(today),
            "expires_on": JSON(today.adding(days: 365)),
        ]
        let path = "/v1/organizations/\(platform)/people/\(senior.id)/certificates"
        _ = try await ask("POST", path, administrator, certificate)
    }

    private func signInBuyer() async throws -> (id: String, token: String) {
        _ = try await ask("POST", "/v1/buyer-codes", "", ["login": "13700137000"])
        let listed = try await ServerProcess.run(["outbox", "list", "--limit", "1"], directory)
        let message = try #require(try JSONParser.parse(listed.output)["id"]?.stringValue)
        let shown = try await ServerProcess.run(["outbox", "show", message], directory)
        let text = try #require(try JSONParser.parse(shown.output)["text"]?.stringValue)
        let code = try #require(text.split { !$0.isASCII || !$0.isNumber }.first { $0.count == 6 })
        let entered = try await ask(
            "POST",
            "/v1/buyer-sessions",
            "",
            ["login": "13700137000", "code": JSON(String(code))]
        )
        let json = try JSONParser.parse(entered.body)
        return (try #require(json["person"]?["id"]?.stringValue), try #require(json["token"]?.stringValue))
    }

    /// The second factor is shown again before its minutes are over.
    func stepUp() async throws {
        guard Date().timeIntervalSince(steppedUpAt) > ClaimHouse.stepUpSeconds else { return }
        senior = try await steppedUp(senior)
        finance = try await steppedUp(finance)
        steppedUpAt = Date()
    }

    /// With the token that the session has from now on: the former one is not taken for long.
    private func steppedUp(_ worker: Worker) async throws -> Worker {
        let code: JSON = ["code": .optional(try worker.app?.code(at: .current)) { JSON($0) }]
        let answer = try await ask("POST", "/v1/sessions/current/step-up", worker.token, code)
        var steppedUp = worker
        steppedUp.token = try #require(try JSONParser.parse(answer.body)["token"]?.stringValue)
        return steppedUp
    }
}

extension Instant {
    static var current: Instant { Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}

extension HTTPAnswer {
    var id: String? { (try? JSONParser.parse(body))?["id"]?.stringValue }
}

extension Array {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
