import Synchronization

enum RequestID {
    /// The request that is being served by this task, for every line that is logged meanwhile.
    @TaskLocal static var current: String?

    private static let counter = Atomic<UInt64>(0)
    private static let processPrefix = UInt64.random(in: .min ... .max)

    /// Keeps a caller's own id where it is harmless in logs and headers.
    static func accepted(_ text: String?) -> String? {
        guard let text, (8...64).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed) else { return nil }
        return text
    }

    /// Unique, not secret: a random beginning for each process, then a number.
    static func next() -> String {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<16 {
                let shift = UInt64(60 - 4 * index)
                buffer[index] = digits.utf8Start[Int(processPrefix >> shift & 15)]
                buffer[16 + index] = digits.utf8Start[Int(number >> shift & 15)]
            }
            return 32
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
