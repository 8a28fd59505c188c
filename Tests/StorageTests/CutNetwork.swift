import Foundation
import Support

/// A network namespace that a server runs in, reached over a pair of virtual interfaces, and what a bad network does to
/// the connections in between. Needs root.
final class CutNetwork: Sendable {
    enum Cut: Sendable, CaseIterable {
        /// Packets vanish, and nobody hears of it.
        case silence
        /// Whoever sends is told that there is no such connection.
        case reset
    }

    static let isWanted = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil
    static let isPossible =
        geteuid() == 0 && FileManager.default.isExecutableFile(atPath: ip)
        && FileManager.default.isExecutableFile(atPath: nft)
    private static let ip = "/usr/sbin/ip"
    private static let nft = "/usr/sbin/nft"

    let name: String
    /// Where a server in the namespace listens.
    let serverAddress: String

    private init(name: String, serverAddress: String) {
        self.name = name
        self.serverAddress = serverAddress
    }

    /// With addresses of the range that is kept for measurements (RFC 2544), so that no real network is hidden.
    static func make() async throws -> CutNetwork {
        let number = Int.random(in: 0..<8192)
        let subnet = "198.\(18 + number / 4096).\(number / 16 % 256)."
        let first = number % 16 * 16
        let network = CutNetwork(name: "chexin\(number)", serverAddress: "\(subnet)\(first + 2)")
        let (near, far) = ("cxa\(number)", "cxb\(number)")
        try await run(ip, "netns add \(network.name)")
        try await run(ip, "link add \(near) type veth peer name \(far) netns \(network.name)")
        try await run(ip, "addr add \(subnet)\(first + 1)/30 dev \(near)")
        try await run(ip, "link set \(near) up")
        try await run(ip, "-n \(network.name) addr add \(network.serverAddress)/30 dev \(far)")
        try await run(ip, "-n \(network.name) link set \(far) up")
        try await run(ip, "-n \(network.name) link set lo up")
        return network
    }

    func cut(_ cut: Cut) async throws {
        let verdict = cut == .silence ? "drop" : "reject with tcp reset"
        let rules = """
            table inet cut {
                chain arriving { type filter hook input priority 0; iifname != "lo" meta l4proto tcp \(verdict); }
                chain leaving { type filter hook output priority 0; oifname != "lo" meta l4proto tcp drop; }
            }
            """
        // What is refused is told by a packet that leaves.
        let arriving = rules.split(separator: "\n").filter { cut == .silence || !$0.contains("leaving") }
        try await Command.run(
            Self.ip,
            ["netns", "exec", name, Self.nft, "-f", "-"],
            input: arriving.joined(separator: "\n")
        )
    }

    func heal() async throws {
        try await Self.run(Self.ip, "netns exec \(name) \(Self.nft) delete table inet cut")
    }

    /// Takes the interfaces along, once nothing runs in it any more.
    func end() async throws {
        try await Self.run(Self.ip, "netns delete \(name)")
    }

    private static func run(_ program: String, _ arguments: String) async throws {
        try await Command.run(program, arguments.split(separator: " ").map(String.init))
    }
}
