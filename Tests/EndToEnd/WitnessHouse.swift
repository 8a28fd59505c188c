import Core
import Cryptography
import Ledger
import Logging
import Support
import TransparencyLog
import Web

@testable import chexin

/// A witness behind a real socket, as a partner runs it, and the policy that asks for its word.
struct WitnessHouse: Sendable {
    let server: RunningServer
    let key: VerifierKey
    let policy: LogPolicy
    private let directory: TemporaryDirectory

    static func open(origin: String, name: String = "witness.example/one") async throws -> WitnessHouse {
        let directory = try TemporaryDirectory()
        let signer = try WitnessCommand.signer(name: name, directory: directory.path)
        let log = try LogKeys.forTests(origin: origin).verifierKeys[0]
        let book = WitnessBook(directory: directory.path, signer: signer, logs: [log])
        let server = try await RunningServer.start(
            parts: WebParts(
                authenticator: NoCredentials(),
                refusals: NoCredentials(),
                secret: SecretBytes([UInt8](repeating: 3, count: 32))
            ),
            endpoints: WitnessService(book: book, clock: ManualClock()).endpoints
        )
        let lines = [
            "log \(log.text)", "witness one \(signer.verifierKey.text) http://127.0.0.1:\(server.port)", "quorum one",
        ]
        let policy = try LogPolicy(parsing: lines.joined(separator: "\n"))
        return WitnessHouse(server: server, key: signer.verifierKey, policy: policy, directory: directory)
    }

    /// A round over HTTP. As other logs do, it says nothing of the type of what it sends.
    func round(of house: House) -> WitnessRound {
        WitnessRound(log: house.log, policy: policy) { [server] _, body in
            let answer = try await server.client.send("POST", "/add-checkpoint", body: body)
            return WitnessRound.Answer(status: answer.status, body: answer.body)
        }
    }

    /// Asks as a log would that has this checkpoint.
    func ask(old: Int64, _ proof: [Digest], _ checkpoint: SignedNote, type: String? = nil) async throws -> HTTPAnswer {
        let request = AddCheckpointRequest(oldSize: old, proof: proof, checkpoint: checkpoint)
        let headers = type.map { [("Content-Type", $0)] } ?? []
        return try await server.client.send("POST", "/add-checkpoint", headers: headers, body: request.bytes)
    }
}
