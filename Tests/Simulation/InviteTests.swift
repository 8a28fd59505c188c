import Core
import Support
import Testing

/// The first person of a platform comes in by what the operator's command prints.
@Suite struct InviteTests {
    private static let login = ["--login", "wang.admin@example.com"]

    private func invite(_ arguments: [String], _ directory: TemporaryDirectory) async throws -> (
        status: Int32, output: [UInt8], complaint: String
    ) {
        try await ServerProcess.run(["admin", "invite"] + arguments, directory)
    }

    @Test func `the printed link opens the invitation of a platform's administrator`() async throws {
        let directory = try TemporaryDirectory()
        #expect(try await ServerProcess.run(["admin", "bootstrap"], directory).status == 0)
        let url = ["--public-url", "https://chexin.example"]
        let invited = try await invite(Self.login + ["--name", "王管理"] + url, directory)
        #expect(invited.status == 0, "\(invited.complaint)")
        let link = try #require(try JSONParser.parse(invited.output)["link"]?.stringValue)
        #expect(link.hasPrefix("https://chexin.example/join#"))
        let server = try ServerProcess(directory: directory, port: try freePort())
        try await server.waitUntilReady()
        let body: JSON = ["token": JSON(String(link.drop { $0 != "#" }.dropFirst()))]
        let answer = try await HTTPClient(port: server.port).send(
            "POST",
            "/v1/invitations/open",
            headers: [("Content-Type", "application/json")],
            body: body.bytes
        )
        #expect(answer.status == 200)
        #expect(try JSONParser.parse(answer.body)["role"] == "admin")
        #expect(await server.stop() == 0)
    }

    @Test func `what is wrong with an invitation is said, and nobody is invited`() async throws {
        let directory = try TemporaryDirectory()
        let name = ["--name", "王管理"]
        let early = try await invite(Self.login + name, directory)
        #expect(early.status != 0)
        #expect(early.complaint.contains("chexin admin bootstrap"))
        #expect(try await ServerProcess.run(["admin", "bootstrap"], directory).status == 0)
        for (arguments, word) in [
            (Self.login + name + ["--role", "dealer"], "--role"),
            (Self.login + name + ["--role", "emperor"], "--role"),
            (["--login", "nowhere"] + name, "--login"), (Self.login, "--name"), (name, "--login"),
        ] {
            let refused = try await invite(arguments, directory)
            #expect(refused.status != 0, "\(arguments)")
            #expect(refused.complaint.contains(word), "\(refused.complaint)")
            #expect(refused.output.isEmpty)
        }
    }
}
