package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"footnote/bot/store/pgtest"
)

// The databases that a run may use.
const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

// database is what the ledger is kept in. The nil database is a file.
type database struct{ cluster *pgtest.Cluster }

// open starts the database of the given kind and tells the replicas of it.
func (p *program) open(kind string) (*database, error) {
	if kind == sqlite {
		p.settings = append(p.settings, "FOOTNOTE_DATABASE_URL="+filepath.Join(p.dir, "footnote.db"))
		return nil, nil
	}
	c, err := pgtest.Open("") // a place that its user may enter
	if err != nil {
		return nil, err
	}
	url, err := c.Create("footnote")
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	p.settings = append(p.settings, "FOOTNOTE_DATABASE_URL="+url)
	return &database{c}, nil
}

// crash kills the server and starts it again after a while.
func (d *database) crash(ctx context.Context, away time.Duration) error {
	if err := d.cluster.Stop(); err != nil {
		return err
	}
	if err := sleep(ctx, away); err != nil {
		return err
	}
	return d.cluster.Continue()
}

func (d *database) close() error {
	if d == nil {
		return nil
	}
	return d.cluster.Close()
}
