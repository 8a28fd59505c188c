import Support

@testable import Tabular

/// What came of reading a file: its records, and the fault that ended it.
struct Reading: Equatable {
    var records: [CSVRecord] = []
    var fault: TableFault?
    var encoding: TextEncoding?

    var texts: [[String]] { records.map(\.texts) }

    /// - Parameter cuts: where the chunks end.
    init(
        _ bytes: [UInt8],
        cuts: [Int] = [],
        encoding: TextEncoding? = nil,
        limits: TableLimits = .standard
    ) {
        let reader = CSVReader(encoding: encoding, limits: limits)
        var taken: [CSVRecord] = []
        do throws(TableFault) {
            var start = 0
            for end in cuts + [bytes.count] {
                let chunk = Array(bytes[start..<end])
                try chunk.withRawBytes { bytes throws(TableFault) in
                    try reader.take(bytes) { taken.append($0) }
                }
                start = end
            }
            try reader.finish { taken.append($0) }
        } catch {
            fault = error
        }
        records = taken
        self.encoding = reader.encoding
    }

    init(_ text: String, limits: TableLimits = .standard) {
        self.init(Array(text.utf8), limits: limits)
    }
}

/// GB 18030 as any other program writes it.
enum GB18030 {
    /// 车架号,品牌
    static let header: [UInt8] = [0xB3, 0xB5, 0xBC, 0xDC, 0xBA, 0xC5, 0x2C, 0xC6, 0xB7, 0xC5, 0xC6]
    /// 大众
    static let volkswagen: [UInt8] = [0xB4, 0xF3, 0xD6, 0xDA]
    /// U+20000, of four bytes
    static let rare: [UInt8] = [0x95, 0x32, 0x82, 0x36]
}

/// Where to cut `count` bytes, at random.
func cuts(of count: Int, using random: inout SeededRandom) -> [Int] {
    let number = Int.random(in: 0...6, using: &random)
    return (0..<number).map { _ in Int.random(in: 0...count, using: &random) }.sorted()
}

extension String {
    /// `\n`, `\r`, `\t`, `\0`, `\p` (a bar) and `␠` as what they stand for, so that a table can hold them.
    var unescaped: String {
        var result = ""
        var characters = makeIterator()
        while let character = characters.next() {
            switch character {
            case "␠": result.append(" ")
            case "\\":
                let escapes: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "0": "\0", "p": "|"]
                let name = characters.next() ?? "\\"
                result.append(escapes[name] ?? name)
            default: result.append(character)
            }
        }
        return result
    }
}
