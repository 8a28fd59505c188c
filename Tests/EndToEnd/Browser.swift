import Core
import People
import Support
import Testing

/// A browser, as far as pages need one: it keeps the cookie, and says where its forms come from.
final class Browser {
    let house: House
    var cookie: String?
    var language = "zh-CN"

    init(_ house: House) {
        self.house = house
    }

    func get(_ path: String, headers: HTTPClient.Headers = []) async throws -> HTTPAnswer {
        keep(try await house.client.send("GET", path, headers: ours + headers))
    }

    /// - Parameter site: what a browser says of where the form stood.
    func post(
        _ path: String,
        _ fields: [(String, String)] = [],
        site: HTTPClient.Headers = [("Sec-Fetch-Site", "same-origin")]
    ) async throws -> HTTPAnswer {
        let body = fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        let type = [("Content-Type", "application/x-www-form-urlencoded")]
        return keep(
            try await house.client.send("POST", path, headers: ours + type + site, body: Array(body.utf8))
        )
    }

    func upload(_ path: String, _ fields: [(String, String)], file: (name: String, bytes: [UInt8])) async throws
        -> HTTPAnswer
    {
        let boundary = "----chexin7MA4YWxkTrZu0gW"
        var body = fields.flatMap { field in
            Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.0)\"\r\n\r\n\(field.1)\r\n".utf8)
        }
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n"
            + "Content-Type: text/csv\r\n\r\n"
        body += Array(head.utf8) + file.bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        let type = [("Content-Type", "multipart/form-data; boundary=\(boundary)"), ("Sec-Fetch-Site", "same-origin")]
        return keep(try await house.client.send("POST", path, headers: ours + type, body: body))
    }

    private var ours: HTTPClient.Headers {
        [("Accept-Language", language)] + (cookie.map { [("Cookie", "theme=dark; __Host-chexin=\($0)")] } ?? [])
    }

    private func keep(_ answer: HTTPAnswer) -> HTTPAnswer {
        guard let set = answer.header("Set-Cookie"), let value = set.split(separator: ";").first?.split(separator: "=")
        else { return answer }
        cookie = value.count == 2 ? String(value[1]) : nil
        return answer
    }

    private func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension HTTPAnswer {
    /// What stands between the first `opening` and the next `closing`.
    func value(between opening: String, and closing: String) -> String? {
        guard let start = text.firstRange(of: opening)?.upperBound else { return nil }
        let rest = text[start...]
        return rest.firstRange(of: closing).map { String(rest[..<$0.lowerBound]) }
    }
}

// MARK: - Staff

extension House {
    static let password = "correct horse battery"

    /// Somebody of an organisation who has joined through the pages and is signed in.
    func browser(
        _ organization: String,
        as login: String,
        role: String? = nil,
        scopes: [String]? = nil
    ) async throws -> (browser: Browser, app: AuthenticatorApp) {
        var draft: [JSON.Member] = [.init("name", "张伟"), .init("login", JSON(login))]
        if let role { draft.append(.init("role", JSON(role))) }
        if let scopes { draft.append(.init("scopes", .array(scopes.map { JSON($0) }))) }
        let invited = try await post("/v1/organizations/\(organization)/invitations", .object(draft), as: administrator)
        #expect(invited.status == 201, "\(invited.http.text)")
        let browser = Browser(self)
        let token = try channel.secret(.invitation)
        let opened = try await browser.post("/join", [("token", "https://chexin.example/join#\(token)")])
        #expect(opened.status == 200, "\(opened.text)")
        let secret = try #require(opened.value(between: "<code class=\"secret\">", and: "</code>"), "\(opened.text)")
        let app = try AuthenticatorApp(secret: secret.replacing(" ", with: ""))
        let joined = try await browser.post(
            "/join/accept",
            [("token", token), ("password", House.password), ("code", try app.code(at: clock.now()))]
        )
        #expect(joined.status == 200, "\(joined.text)")
        return (browser, app)
    }
}
