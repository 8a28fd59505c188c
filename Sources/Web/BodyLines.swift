import NIOCore

extension BodyStream {
    /// The lines of a text such as NDJSON, without their line ends, wherever the chunks were cut. What follows the
    /// last line end is a line, too, unless it is empty.
    package func lines(maximumBytes: Int) -> BodyLines {
        BodyLines(stream: self, maximumBytes: maximumBytes)
    }
}

package struct BodyLines: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    let stream: BodyStream
    let maximumBytes: Int

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: stream.makeAsyncIterator(), maximumBytes: maximumBytes)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: BodyStream.AsyncIterator
        private let maximumBytes: Int
        private var chunk = ByteBuffer()
        /// The beginning of a line that the next chunk goes on with.
        private var begun: [UInt8] = []
        private var lineNumber = 1

        init(chunks: BodyStream.AsyncIterator, maximumBytes: Int) {
            self.chunks = chunks
            self.maximumBytes = maximumBytes
        }

        /// - Throws: `lineTooLong` as soon as a line has more than the maximum, however much is still to come.
        @concurrent
        package mutating func next() async throws -> [UInt8]? {
            while true {
                if let line = try lineOfChunk() { return line }
                guard let chunk = try await chunks.next() else { return try lastLine() }
                self.chunk = chunk
            }
        }

        private mutating func lineOfChunk() throws -> [UInt8]? {
            let view = chunk.readableBytesView
            let end = view.firstIndex(of: UInt8(ascii: "\n"))
            let piece = view[view.startIndex..<(end ?? view.endIndex)]
            // The carriage return before a line end does not count as content.
            guard begun.count + piece.count <= maximumBytes + 1 else { throw tooLong() }
            begun.append(contentsOf: piece)
            guard end != nil else {
                chunk.clear()
                return nil
            }
            chunk.moveReaderIndex(forwardBy: piece.count + 1)
            return try takeLine()
        }

        private mutating func lastLine() throws -> [UInt8]? {
            begun.isEmpty ? nil : try takeLine()
        }

        private mutating func takeLine() throws -> [UInt8] {
            if begun.last == UInt8(ascii: "\r") { begun.removeLast() }
            guard begun.count <= maximumBytes else { throw tooLong() }
            defer {
                begun = []
                lineNumber += 1
            }
            return begun
        }

        private func tooLong() -> any Error {
            BodyFault.lineTooLong(number: lineNumber, maximumBytes: maximumBytes)
        }
    }
}
