import Warranty

/// The shipped edition with something wrong in it.
struct BrokenEdition: Sendable, CustomStringConvertible {
    let description: String
    let fault: String
    private(set) var old: [String] = []
    private(set) var new: [String] = []

    /// Reads `# what it is: fault`, then lines with `-` that are taken out, then lines with `+` that are put there.
    static func all(_ text: String) -> [BrokenEdition] {
        var editions: [BrokenEdition] = []
        for line in text.split(separator: "\n") {
            let rest = String(line.dropFirst(2))
            switch line.first {
            case "-": editions[editions.count - 1].old.append(rest)
            case "+": editions[editions.count - 1].new.append(rest)
            default:
                let parts = rest.split(separator: ": ").map(String.init)
                editions.append(BrokenEdition(description: parts[0], fault: parts[1]))
            }
        }
        return editions
    }

    private init(description: String, fault: String) {
        self.description = description
        self.fault = fault
    }

    /// `nil` where the shipped edition does not have what is to be taken out. The first and the last line may be parts
    /// of lines; what is put there begins where the other began, and goes on with the indentation of its first line.
    var yaml: String? {
        let lines = ShippedPlans.yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.indices.first(where: { isHere(lines, $0) }) else { return nil }
        let indentation = String(lines[first].prefix { $0 == " " })
        let head = lines[first].prefix(upTo: lines[first].firstRange(of: old[0])?.lowerBound ?? lines[first].endIndex)
        let last = lines[first + old.count - 1]
        let tail = last.suffix(from: last.firstRange(of: old[old.count - 1])?.upperBound ?? last.endIndex)
        let put = String(head) + new.joined(separator: "\n\(indentation)") + String(tail)
        return (lines[..<first] + [put] + lines[(first + old.count)...]).joined(separator: "\n")
    }

    private func isHere(_ lines: [String], _ first: Int) -> Bool {
        old.indices.allSatisfy { first + $0 < lines.count && lines[first + $0].contains(old[$0]) }
    }
}
