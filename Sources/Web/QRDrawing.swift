/// The modules of a QR code, under one of the eight masks.
struct QRDrawing {
    let size: Int
    private(set) var dark: [Bool]
    /// Modules that belong to patterns and formats, and not to the data.
    private var isFixed: [Bool]

    init(_ version: QRVersion, _ codewords: [UInt8], mask: Int) {
        size = version.size
        dark = [Bool](repeating: false, count: size * size)
        isFixed = dark
        drawPatterns(version)
        drawFormat(mask)
        drawVersion(version)
        draw(codewords)
        apply(mask)
    }

    private mutating func set(_ row: Int, _ column: Int, _ isDark: Bool) {
        dark[row * size + column] = isDark
        isFixed[row * size + column] = true
    }

    // MARK: Patterns

    private mutating func drawPatterns(_ version: QRVersion) {
        for index in 0..<size {
            set(6, index, index.isMultiple(of: 2))
            set(index, 6, index.isMultiple(of: 2))
        }
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { drawFinder(row, column) }
        let centers = version.alignment
        let last = centers.count - 1
        for (i, row) in centers.enumerated() {
            for (j, column) in centers.enumerated() where ![[0, 0], [0, last], [last, 0]].contains([i, j]) {
                for y in -2...2 {
                    for x in -2...2 { set(row + y, column + x, max(abs(x), abs(y)) != 1) }
                }
            }
        }
    }

    private mutating func drawFinder(_ row: Int, _ column: Int) {
        for y in -4...4 {
            for x in -4...4 {
                let (r, c) = (row + y, column + x)
                guard (0..<size).contains(r), (0..<size).contains(c) else { continue }
                let distance = max(abs(x), abs(y))
                set(r, c, distance != 2 && distance != 4)
            }
        }
    }

    /// Level M and the mask, with ten bits that correct them, twice.
    private mutating func drawFormat(_ mask: Int) {
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0...5 { set(index, 8, bit(index)) }
        set(7, 8, bit(6))
        set(8, 8, bit(7))
        set(8, 7, bit(8))
        for index in 9..<15 { set(8, 14 - index, bit(index)) }
        for index in 0..<8 { set(8, size - 1 - index, bit(index)) }
        for index in 8..<15 { set(size - 15 + index, 8, bit(index)) }
        set(size - 8, 8, true)
    }

    private mutating func drawVersion(_ version: QRVersion) {
        guard version.number >= 7 else { return }
        var rest = version.number
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version.number << 12 | rest
        for index in 0..<18 {
            let isDark = bits >> index & 1 == 1
            let (far, near) = (size - 11 + index % 3, index / 3)
            set(near, far, isDark)
            set(far, near, isDark)
        }
    }

    // MARK: Data

    /// In columns of two from the right, up and down in turn; the column of the timing pattern is left out.
    private mutating func draw(_ codewords: [UInt8]) {
        var index = 0
        var isUpward = true
        for right in stride(from: size - 1, through: 1, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
            for step in 0..<size {
                let row = isUpward ? size - 1 - step : step
                for column in [right, right - 1] where !isFixed[row * size + column] {
                    guard index < codewords.count * 8 else { continue }
                    dark[row * size + column] = codewords[index >> 3] >> UInt8(7 - index & 7) & 1 == 1
                    index += 1
                }
            }
            isUpward.toggle()
        }
    }

    private mutating func apply(_ mask: Int) {
        for row in 0..<size {
            for column in 0..<size where !isFixed[row * size + column] && QRDrawing.inverts(mask, row, column) {
                dark[row * size + column].toggle()
            }
        }
    }

    private static func inverts(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
        switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: row * column % 2 + row * column % 3 == 0
        case 6: (row * column % 2 + row * column % 3) % 2 == 0
        default: ((row + column) % 2 + row * column % 3) % 2 == 0
        }
    }

    // MARK: How hard it is to read

    /// Long runs, blocks of one colour and an uneven share of dark cost; any mask can be read.
    var penalty: Int {
        let rows = (0..<size).map { row in (0..<size).map { dark[row * size + $0] } }
        let columns = (0..<size).map { column in (0..<size).map { dark[$0 * size + column] } }
        let runs = (rows + columns).reduce(0) { $0 + QRDrawing.runPenalty($1) }
        var blocks = 0
        for row in 0..<size - 1 {
            for column in 0..<size - 1 {
                let first = rows[row][column]
                let isBlock = rows[row][column + 1] == first && rows[row + 1][column] == first
                if isBlock, rows[row + 1][column + 1] == first { blocks += 3 }
            }
        }
        let share = dark.count(where: { $0 }) * 20 / dark.count
        return runs + blocks + abs(share - 10) * 10
    }

    private static func runPenalty(_ line: [Bool]) -> Int {
        var (penalty, run) = (0, 1)
        for index in 1..<line.count {
            run = line[index] == line[index - 1] ? run + 1 : 1
            penalty += run == 5 ? 3 : run > 5 ? 1 : 0
        }
        return penalty
    }
}

extension HTMLWriter {
    /// With the quiet zone of four modules that readers need.
    package mutating func qrCode(_ code: QRCode, _ label: String) {
        let side = code.size + 8
        element("svg", ["class": "qr", "viewBox": "0 0 \(side) \(side)", "role": "img", "aria-label": label]) { page in
            page.element("path", ["d": code.path])
        }
    }
}

extension QRCode {
    /// The dark modules as an SVG path, four modules of quiet around them.
    package var path: String {
        var path = ""
        for row in 0..<size {
            for column in 0..<size where isDark(row, column) { path += "M\(column + 4) \(row + 4)h1v1h-1z" }
        }
        return path
    }
}
