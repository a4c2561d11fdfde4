package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
)

// The file's format is described in ../../../README.md.
const (
	magic     = "SEVT"
	version   = 1
	headerLen = 32
)

// pack returns the table's file. Each row keeps its largest component exactly
// and the others to a 127th of it.
func pack(t *table) []byte {
	list := strings.Join(t.words, "\n") + "\n"
	list += strings.Repeat("\n", (4-len(list)%4)%4)
	data := []byte(magic)
	for _, n := range []int{version, t.dims(), len(t.words), len(t.rows) - len(t.words), shortest, longest, len(list)} {
		data = binary.LittleEndian.AppendUint32(data, uint32(n))
	}
	data = append(data, list...)
	var rows []byte
	for _, row := range t.rows {
		var top float32
		for _, x := range row {
			top = max(top, x, -x)
		}
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(top/127))
		for _, x := range row {
			var y float64
			if top > 0 {
				y = math.Round(float64(x / top * 127))
			}
			rows = append(rows, byte(int8(y)))
		}
	}
	return append(data, rows...)
}

// unpack reads what pack wrote, or what says that it did.
func unpack(data []byte) (*table, error) {
	if len(data) < headerLen || string(data[:len(magic)]) != magic {
		return nil, errors.New("not a word table")
	}
	field := func(i int) int { return int(binary.LittleEndian.Uint32(data[len(magic)+4*i:])) }
	dims, words, list := field(1), field(2), field(6)
	n := words + field(3)
	if field(0) != version || field(4) != shortest || field(5) != longest {
		return nil, fmt.Errorf("version %d with n-grams of %d to %d bytes: want version %d with %d to %d",
			field(0), field(4), field(5), version, shortest, longest)
	}
	if want := headerLen + list + 4*n + n*dims; len(data) != want || n == 0 || dims == 0 {
		return nil, fmt.Errorf("%d bytes: its header promises %d", len(data), want)
	}
	names := strings.Split(strings.TrimRight(string(data[headerLen:headerLen+list]), "\n"), "\n")
	if len(names) != words {
		return nil, fmt.Errorf("%d words: its header promises %d", len(names), words)
	}
	scales := data[headerLen+list:]
	cells := scales[4*n:]
	rows := make([][]float32, n)
	for i := range rows {
		scale := math.Float32frombits(binary.LittleEndian.Uint32(scales[4*i:]))
		rows[i] = make([]float32, dims)
		for j := range rows[i] {
			rows[i][j] = scale * float32(int8(cells[i*dims+j]))
		}
	}
	return newTable(names, rows), nil
}

// floats returns rows as little-endian float32, one after the other.
func floats(rows [][]float32) []byte {
	var data []byte
	for _, row := range rows {
		for _, x := range row {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
	}
	return data
}

// readRows reads a file of little-endian float32 in rows of dims.
func readRows(file string, dims int) ([][]float32, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(data)%(4*dims) != 0 {
		return nil, fmt.Errorf("%s: %d bytes are not whole rows of %d float32: make it again", file, len(data), dims)
	}
	rows := make([][]float32, len(data)/(4*dims))
	for i := range rows {
		rows[i] = make([]float32, dims)
		for j := range rows[i] {
			rows[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*(i*dims+j):]))
		}
	}
	return rows, nil
}

// readLines reads a file's lines.
func readLines(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimRight(string(data), "\n"), "\n"), nil
}
