// Reads a log of Chexin with nothing of Chexin: golang.org/x/mod's note and tlog, as they check Go's own modules.
//
//	log_client URL STATE LOG_KEY [WITNESS_KEY...]
//
// Verifies the checkpoint by the log's key, and by that of each witness; fetches the tiles, proves every leaf to be in
// the tree; and proves that the tree extends that of every checkpoint seen before, which STATE keeps.
//
// Debian has what it needs (golang-go, golang-golang-x-mod-dev):
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run ./Deploy/examples/log_client http://127.0.0.1:8080 state KEY
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Every tile has up to 2^8 hashes.
const height = 8

const leafBytes = 64

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: log_client URL STATE LOG_KEY [WITNESS_KEY...]")
		os.Exit(2)
	}
	if err := run(strings.TrimSuffix(os.Args[1], "/"), os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, "log_client:", err)
		os.Exit(1)
	}
}

func run(url, state, logKey string, witnessKeys []string) error {
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return fmt.Errorf("the log's key: %w", err)
	}
	verifiers := []note.Verifier{log}
	for _, key := range witnessKeys {
		witness, err := newWitness(key)
		if err != nil {
			return fmt.Errorf("a witness's key: %w", err)
		}
		verifiers = append(verifiers, witness)
	}
	text, err := fetch(url + "/log/checkpoint")
	if err != nil {
		return err
	}
	tree, err := open(text, log.Name(), verifiers)
	if err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	tiles := &tileReader{url: url, known: map[string][]byte{}}
	hashes := tlog.TileHashReader(tree, tiles)
	if err := proveLeaves(tree, hashes, tiles); err != nil {
		return err
	}
	former, err := readState(state)
	if err != nil {
		return err
	}
	for _, earlier := range former {
		if err := proveExtension(tree, earlier, hashes); err != nil {
			return err
		}
	}
	if len(former) == 0 || former[len(former)-1] != tree {
		if err := appendState(state, tree); err != nil {
			return err
		}
	}
	fmt.Printf("size %d, leaves proven %d, earlier checkpoints extended %d, signatures %d\n",
		tree.N, tree.N, len(former), len(verifiers))
	return nil
}

// open verifies a checkpoint by every key, and reads it. tlog.ParseTree reads the checkpoints of one log alone.
func open(text []byte, origin string, verifiers []note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	signed, err := note.Open(text, note.VerifierList(verifiers...))
	if err != nil {
		return tree, err
	}
	if len(signed.Sigs) != len(verifiers) {
		return tree, fmt.Errorf("%d of %d keys have signed", len(signed.Sigs), len(verifiers))
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tree, errors.New("it is of another log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func proveLeaves(tree tlog.Tree, hashes tlog.HashReader, tiles *tileReader) error {
	for first := int64(0); first < tree.N; first += 1 << height {
		width := tree.N - first
		if width > 1<<height {
			width = 1 << height
		}
		leaves, err := tiles.entries(first>>height, int(width))
		if err != nil {
			return err
		}
		for offset, leaf := range leaves {
			index := first + int64(offset)
			proof, err := tlog.ProveRecord(tree.N, index, hashes)
			if err != nil {
				return fmt.Errorf("leaf %d: %w", index, err)
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
				return fmt.Errorf("leaf %d: %w", index, err)
			}
		}
	}
	return nil
}

func proveExtension(tree, earlier tlog.Tree, hashes tlog.HashReader) error {
	if earlier.N > tree.N {
		return fmt.Errorf("the log had %d leaves and has %d", earlier.N, tree.N)
	}
	if earlier.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, earlier.N, hashes)
	if err == nil {
		err = tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash)
	}
	if err != nil {
		return fmt.Errorf("from %d to %d leaves: %w", earlier.N, tree.N, err)
	}
	return nil
}

// tileReader fetches tiles from where tlog-tiles puts them: the height is no part of the path, and records are entries.
type tileReader struct {
	url   string
	known map[string][]byte
}

func (r *tileReader) Height() int { return height }

func (r *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		bytes, err := r.read(tile)
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

func (r *tileReader) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (r *tileReader) read(tile tlog.Tile) ([]byte, error) {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	path = strings.Replace(path, "tile/data/", "tile/entries/", 1)
	if bytes, ok := r.known[path]; ok {
		return bytes, nil
	}
	bytes, err := fetch(r.url + "/log/" + path)
	if err == nil {
		r.known[path] = bytes
	}
	return bytes, err
}

func (r *tileReader) entries(index int64, width int) ([][]byte, error) {
	bundle, err := r.read(tlog.Tile{H: height, L: -1, N: index, W: width})
	if err != nil {
		return nil, err
	}
	var leaves [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return nil, fmt.Errorf("bundle %d is cut short", index)
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		leaves = append(leaves, bundle[2:end])
		bundle = bundle[end:]
	}
	for _, leaf := range leaves {
		if len(leaf) != leafBytes {
			return nil, fmt.Errorf("bundle %d has a leaf of %d bytes", index, len(leaf))
		}
	}
	if len(leaves) != width {
		return nil, fmt.Errorf("bundle %d has %d leaves, not %d", index, len(leaves), width)
	}
	return leaves, nil
}

// witness verifies what C2SP tlog-cosignature calls cosignature/v1. x/mod knows the log's own kind of signature only,
// and leaves room for others.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

const cosignature = 0x04

func newWitness(text string) (*witness, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("it is no verifier key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignature {
		return nil, errors.New("it is no key for cosignatures")
	}
	digest := sha256.Sum256([]byte(parts[0] + "\n" + string(key)))
	hash := binary.BigEndian.Uint32(digest[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("its id is wrong")
	}
	return &witness{parts[0], hash, key[1:]}, nil
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }

func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(signed), sig[8:])
}

// A state is a line for each checkpoint: its size and its root.
func readState(path string) ([]tlog.Tree, error) {
	bytes, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var trees []tlog.Tree
	for _, line := range strings.Split(strings.TrimSpace(string(bytes)), "\n") {
		var tree tlog.Tree
		var root string
		if _, err := fmt.Sscan(line, &tree.N, &root); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if tree.Hash, err = tlog.ParseHash(root); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		trees = append(trees, tree)
	}
	return trees, nil
}

func appendState(path string, tree tlog.Tree) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = fmt.Fprintf(file, "%d %v\n", tree.N, tree.Hash)
	return err
}

func fetch(url string) ([]byte, error) {
	response, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	return body, err
}
