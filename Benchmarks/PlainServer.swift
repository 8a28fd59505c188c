import ArgumentParser
import Foundation
import Hummingbird

/// The ceiling: the same framework with nothing of ours.
struct PlainServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A server that answers plain text, and a file's bytes.")

    @Option
    var port: Int

    @Option(help: "A file that /same answers with.")
    var same: String?

    func run() async throws {
        let router = Router()
        router.get("/plain") { _, _ in "Hello, world!" }
        let bytes =
            same.flatMap { FileManager.default.contents(atPath: $0) }.map { ByteBuffer(bytes: $0) } ?? ByteBuffer()
        router.get("/same") { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: bytes)) }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
        )
        try await application.runService()
    }
}
